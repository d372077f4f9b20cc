"""Functions that a text defines itself, ``g(u) = u^2/(1 + u^2)``: calls are written out before they are read.

Writing out happens with lexemes, in brackets, so that whatever is wrong is found by the one reader of expressions. What
comes from a definition stands where the call stands; arguments keep their own places.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from odeplayground.expr import mistakes
from odeplayground.expr.declared import Declared
from odeplayground.expr.faults import FaultError, Problems, TooLargeError
from odeplayground.expr.graph import CONDITIONS, LEARNED_NAME
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.limits import MAX_NODES, MAX_WRITTEN_OUT
from odeplayground.expr.order import in_order
from odeplayground.expr.parser import parse_expression
from odeplayground.expr.statements import Statement
from odeplayground.expr.suggest import Vocabulary

_MARK = "$"
"""In front of the name of an argument; no name of a text begins with it."""


class _Function(msgspec.Struct, frozen=True):
    """A good function; the calls in its body are written out."""

    arguments: tuple[str, ...]
    body: tuple[Lexeme, ...]
    """Arguments are marked: a function called inside may use a parameter of the same name."""


class _Call(msgspec.Struct):
    """A call whose closing bracket has not come yet."""

    name: Lexeme
    bracket: Lexeme
    arguments: list[list[Lexeme]]
    open: int = 0
    """Brackets open inside it."""


class UserFunctions:
    """The functions of a text, each read once; what is wrong with one is reported at its definition."""

    def __init__(self, declared: Declared, problems: Problems) -> None:
        self._known: dict[str, _Function] = {}
        self._names = list(declared.functions)
        self._room = MAX_WRITTEN_OUT
        good = {name: one for name, one in declared.functions.items() if one.fault is None}
        uses = {name: [lexeme.text for lexeme in one.right if lexeme.text in good] for name, one in good.items()}
        order, cycle = in_order(uses)
        if cycle:
            statement = good[cycle[0]]
            message = f'"{cycle[0]}" is defined in terms of itself.'
            problems.report(statement.line, FaultError(*statement.columns, message, "A function cannot call itself."))
        for name in order:
            try:
                self._define(good[name], declared.names)
            except FaultError as fault:
                problems.report(good[name].line, fault)

    def is_readable(self, lexemes: Sequence[Lexeme]) -> bool:
        """Whether none of the functions in it has a fault of its own, which is reported already."""
        return not any(lexeme.text in self._names and lexeme.text not in self._known for lexeme in lexemes)

    def write_out(self, line: str, lexemes: Sequence[Lexeme]) -> Sequence[Lexeme]:
        """The same with every call replaced by what it stands for.

        Raises:
            FaultError: a call is not well formed.
            TooLargeError: the text becomes too long.
        """
        if not any(lexeme.text in self._known for lexeme in lexemes):
            return lexemes
        result: list[Lexeme] = []
        calls: list[_Call] = []
        position = 0
        while position < len(lexemes):
            lexeme = lexemes[position]
            position += 1
            target = calls[-1].arguments[-1] if calls else result
            if lexeme.text in self._known and lexeme.kind is Kind.NAME:
                if position == len(lexemes) or lexemes[position].text != "(":
                    raise self._not_called(lexeme)
                calls.append(_Call(lexeme, lexemes[position], [[]]))
                position += 1
            elif calls and calls[-1].open == 0 and lexeme.text in (",", ")"):
                if lexeme.text == ",":
                    calls[-1].arguments.append([])
                else:
                    call = calls.pop()
                    (calls[-1].arguments[-1] if calls else result).extend(self._call(call, lexeme))
            else:
                target.append(lexeme)
                if calls:
                    calls[-1].open += (lexeme.text == "(") - (lexeme.text == ")")
        if calls:
            raise mistakes.unclosed(line, calls[-1].bracket, len(calls), lexemes[-1])
        return result

    def _define(self, statement: Statement, names: Sequence[str]) -> None:
        if not self.is_readable(statement.right):
            return
        for lexeme in statement.right:
            if lexeme.text == LEARNED_NAME:
                message = "A term [?] cannot stand in a function."
                raise FaultError(lexeme.start, lexeme.end, message, "Write it into the equations.")
        body = tuple(self.write_out(statement.text, statement.right))
        vocabulary = Vocabulary([*names, *statement.arguments], self._names)
        expression = parse_expression(statement.text, body, statement.sign, vocabulary, MAX_NODES)
        if expression.root.op in CONDITIONS:
            raise mistakes.wrong_type(body[0].start, body[-1].end, wants_condition=False)
        own = set(statement.arguments)
        marked = [_marked(one) if one.text in own and one.kind is Kind.NAME else one for one in statement.right]
        written_out = tuple(self.write_out(statement.text, marked))
        self._known[statement.name] = _Function(statement.arguments, written_out)

    def _call(self, call: _Call, closed: Lexeme) -> list[Lexeme]:
        function = self._known[call.name.text]
        start, end = call.name.start, closed.end
        given = [] if call.arguments == [[]] else call.arguments
        if len(given) != len(function.arguments):
            wanted = len(function.arguments)
            message = f'"{call.name.text}" takes {wanted} argument{"s" * (wanted > 1)}, not {len(given)}.'
            raise FaultError(start, end, message)
        for argument in given:
            if not argument:
                raise FaultError(start, end, "There is an argument missing in these brackets.")
        values = {_MARK + name: value for name, value in zip(function.arguments, given, strict=True)}
        size = 2 + sum(2 + len(values[one.text]) if one.text in values else 1 for one in function.body)
        self._room -= size
        if self._room < 0:
            raise TooLargeError(start, end, "The equations are too long.", "Simplify them.")
        left, right = (Lexeme(Kind.OPERATOR, bracket, start, end) for bracket in "()")
        written = [left]
        for one in function.body:
            if one.text in values:
                written += [left, *values[one.text], right]
            else:
                written.append(Lexeme(one.kind, one.text, start, end))
        return [*written, right]

    def _not_called(self, lexeme: Lexeme) -> FaultError:
        arguments = ", ".join(self._known[lexeme.text].arguments)
        message = f'"{lexeme.text}" needs its arguments in brackets.'
        return FaultError(lexeme.start, lexeme.end, message, f"Such as {lexeme.text}({arguments}).")


def _marked(lexeme: Lexeme) -> Lexeme:
    return Lexeme(lexeme.kind, _MARK + lexeme.text, lexeme.start, lexeme.end)
