"""Which names a text defines, before any right side is read: a broken line still makes its name known."""

from __future__ import annotations

from collections.abc import Sequence

from odeplayground.expr.faults import FaultError, TooLargeError
from odeplayground.expr.functions import RESERVED
from odeplayground.expr.limits import MAX_NAME, MAX_NAMES, MAX_STATEMENTS
from odeplayground.expr.statements import Form, Statement


class Declared:
    """The statements that count, by name and in the order of the text, and the faults of all others."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.states: dict[str, Statement] = {}
        self.values: dict[str, Statement] = {}
        self.functions: dict[str, Statement] = {}
        self.initial: dict[str, Statement] = {}
        self.span: Statement | None = None
        self.faults: list[tuple[int, FaultError]] = [(s.line, s.fault) for s in statements if s.fault is not None]
        if len(statements) > MAX_STATEMENTS:
            self._too_many(statements[MAX_STATEMENTS], f"There are too many lines: the limit is {MAX_STATEMENTS}.")
        # Equations first: where x = 1 and x' = ... meet, the equation is meant.
        for form in (Form.EQUATION, Form.VALUE, Form.FUNCTION, Form.INITIAL, Form.SPAN):
            for statement in statements:
                if statement.form is form:
                    self._add(statement)
        self.faults.sort(key=lambda item: item[0])

    @property
    def good(self) -> list[Statement]:
        """The statements whose left side is right, from top to bottom; functions are read before them."""
        span = [self.span] if self.span else []
        groups = (self.states.values(), self.values.values(), self.initial.values(), span)
        good = [statement for group in groups for statement in group if statement.fault is None]
        return sorted(good, key=lambda statement: (statement.line, statement.columns))

    @property
    def too_large(self) -> bool:
        """Whether there is too much to go on."""
        return any(isinstance(fault, TooLargeError) for _, fault in self.faults)

    @property
    def names(self) -> list[str]:
        """All names with a value."""
        return [*self.states, *self.values]

    def _add(self, statement: Statement) -> None:
        name, form = statement.name, statement.form
        if form is Form.SPAN:
            if self.span is None:
                self.span = statement
            else:
                self._refuse(statement, f"The time span is already given in line {self.span.line}.")
        elif form is Form.INITIAL:
            self._keep(self.initial, statement, self.initial.get(name))
        elif form is Form.FUNCTION and name not in RESERVED and len(name) <= MAX_NAME:
            earlier = self.states.get(name) or self.values.get(name) or self.functions.get(name)
            self._keep(self.functions, statement, earlier)
        elif name not in RESERVED and len(name) <= MAX_NAME:
            target = self.states if form is Form.EQUATION else self.values
            self._keep(target, statement, self.states.get(name) or self.values.get(name))

    def _keep(self, target: dict[str, Statement], statement: Statement, earlier: Statement | None) -> None:
        name = statement.name
        if earlier is None:
            target[name] = statement
            if len(self.states) + len(self.values) + len(self.functions) == MAX_NAMES + 1:
                self._too_many(statement, f"There are too many names: the limit is {MAX_NAMES}.")
        elif statement.form in (Form.VALUE, Form.FUNCTION) and earlier.form is Form.EQUATION:
            message = f'"{name}" already has an equation in line {earlier.line}.'
            suggestion = f"Write {name}(0) = ... for its initial value."
            self._refuse(statement, message, suggestion, f"{name}(0)")
        else:
            self._refuse(statement, f'"{name}" is already defined in line {earlier.line}.', "Remove one of the two.")

    def _too_many(self, statement: Statement, message: str) -> None:
        self.faults.append((statement.line, TooLargeError(*statement.columns, message)))

    def _refuse(self, statement: Statement, message: str, suggestion: str = "", replacement: str = "") -> None:
        if statement.fault is None:
            self.faults.append((statement.line, FaultError(*statement.columns, message, suggestion, replacement)))
