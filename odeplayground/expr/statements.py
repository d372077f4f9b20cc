"""Which kind of statement a line holds, from its left side alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

import msgspec

from odeplayground.expr.faults import FaultError
from odeplayground.expr.functions import FUNCTIONS, RESERVED
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.limits import MAX_NAME
from odeplayground.expr.mistakes import did_you_mean, unknown_character
from odeplayground.expr.names import CONSTANTS, TIME


class Form(Enum):
    """The forms of a statement."""

    EQUATION = auto()
    """``x' = ...`` or ``dx/dt = ...``"""
    VALUE = auto()
    """``name = ...``: a parameter or a sub-expression."""
    FUNCTION = auto()
    """``g(u, v) = ...``"""
    INITIAL = auto()
    """``x(0) = ...``"""
    SPAN = auto()
    """``t in [a, b]``"""
    OTHER = auto()
    """Nothing of the kind."""


class Statement(msgspec.Struct, frozen=True):
    """One statement, its right side not yet read."""

    line: int
    """From 1."""
    text: str
    """The whole line."""
    form: Form
    left: tuple[Lexeme, ...]
    sign: Lexeme
    """The ``=`` (or ``in``), or whatever comes before the right side."""
    right: tuple[Lexeme, ...]
    name: str = ""
    fault: FaultError | None = None
    """What is wrong with the left side."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of a function: the names between its brackets."""
        return tuple(lexeme.text for lexeme in self.left[2:-1:2]) if self.form is Form.FUNCTION else ()

    @property
    def columns(self) -> tuple[int, int]:
        """Where the name stands, with its prime or brackets: from, and up to."""
        return self.left[0].start, self.left[-1].end


def split_statements(line: int, text: str, lexemes: Sequence[Lexeme]) -> Iterator[Statement]:
    """The statements of a line."""
    part = list(lexemes)
    if part[-1].kind is Kind.COMMENT:
        part.pop()
    texts = [lexeme.text for lexeme in part] + [";"]
    begin = 0
    while begin < len(texts):
        end = texts.index(";", begin)
        if end > begin:
            yield read_left(line, text, part[begin:end], texts[begin:end])
        begin = end + 1


def read_left(line: int, text: str, part: list[Lexeme], texts: list[str]) -> Statement:
    """Classify one statement, with the ``texts`` of its lexemes, by what stands left of its ``=``."""
    if "=" not in texts:
        return _without_equals(line, text, part)
    position = texts.index("=")
    left, right = tuple(part[:position]), tuple(part[position + 1 :])
    form, name, fault = _classify(text, left, part[position])
    return Statement(line, text, form, left or (part[0],), part[position], right, name, fault)


def _without_equals(line: int, text: str, part: list[Lexeme]) -> Statement:
    first, second = part[0], part[min(1, len(part) - 1)]
    if first.text == TIME and second.text == "in":
        return Statement(line, text, Form.SPAN, (first,), second, tuple(part[2:]), TIME)
    form, name, _ = _classify(text, tuple(part[:2]) if second.text == "'" else (first,), first)
    if form is Form.VALUE and len(part) == 1:
        form, name = Form.OTHER, ""
    return Statement(line, text, form, (first,), part[-1], (), name, _no_equals(text, part))


def _no_equals(text: str, part: list[Lexeme]) -> FaultError:
    first, last = part[0], part[-1]
    for lexeme in part:
        if lexeme.kind is Kind.UNKNOWN:
            return unknown_character(text, lexeme)
        if lexeme.text in ("==", ":="):
            message = f'"{lexeme.text}" cannot be used here.'
            return FaultError(lexeme.start, lexeme.end, message, did_you_mean("="), "=")
        if lexeme.text == "in" and first.kind is Kind.NAME:
            message = "Only the time t has a range without a value."
            return FaultError(first.start, last.end, message, f"Write {first.text} = 1 in [0, 2].")
    if len(part) > 1 and part[1].text == "'":
        return FaultError(
            first.start, last.end, 'Expected "=" and a right side.', f"Such as {first.text}' = -{first.text}."
        )
    return FaultError(first.start, last.end, "This is not an equation.", "Write x' = ... or name = ...")


def _classify(text: str, left: tuple[Lexeme, ...], sign: Lexeme) -> tuple[Form, str, FaultError | None]:
    if not left:
        return Form.OTHER, "", FaultError(sign.start, sign.end, 'There is nothing to the left of "=".')
    first, texts = left[0], [lexeme.text for lexeme in left]
    start, end = first.start, left[-1].end
    derivative = _derivative_of(texts)
    if derivative and first.kind is Kind.NAME:
        return Form.EQUATION, derivative, _check_name(derivative, start, end) or _check_order(derivative, texts, left)
    if len(left) == 1 and first.kind is Kind.NAME:
        return Form.VALUE, texts[0], _check_name(texts[0], start, end)
    if _is_function(left, texts):
        return Form.FUNCTION, texts[0], _check_name(texts[0], start, first.end) or _check_arguments(left)
    if first.kind is Kind.NAME and len(left) > 2 and texts[1] == "(" and texts[0] not in RESERVED:
        return Form.INITIAL, texts[0], _check_zero(texts, start, end)
    for lexeme in left:
        if lexeme.kind is Kind.UNKNOWN:
            return Form.OTHER, "", unknown_character(text, lexeme)
    if "in" in texts:
        at = left[texts.index("in")]
        return (
            Form.OTHER,
            "",
            FaultError(at.start, at.end, "A range comes after the value.", "Such as b = 1 in [0, 2]."),
        )
    message = 'Only a name, a derivative or an initial value can stand left of "=".'
    return Form.OTHER, "", FaultError(start, end, message, "Such as x' = ..., b = 1 or x(0) = 1.")


def _is_function(left: tuple[Lexeme, ...], texts: list[str]) -> bool:
    """Whether this is a name with names in brackets, but not ``x(t)``, which is a state."""
    if len(left) < 4 or texts[1] != "(" or texts[-1] != ")" or texts[2:-1] == [TIME] or texts[0] in RESERVED:
        return False
    names, commas = left[2:-1:2], texts[3:-1:2]
    return all(name.kind is Kind.NAME for name in (left[0], *names)) and commas == [","] * (len(names) - 1)


def _check_arguments(left: tuple[Lexeme, ...]) -> FaultError | None:
    seen: set[str] = set()
    for lexeme in left[2:-1:2]:
        name, start, end = lexeme.text, lexeme.start, lexeme.end
        if name in RESERVED:
            return FaultError(start, end, f'"{name}" cannot be the name of an argument.', "Choose another name.")
        if name in seen:
            return FaultError(start, end, f'There are two arguments "{name}".', "Choose another name.")
        seen.add(name)
    return None


def _derivative_of(texts: list[str]) -> str:
    """The state whose derivative this is, of any order; nothing if it is none."""
    if len(texts) > 1 and all(text == "'" for text in texts[1:]):
        return texts[0]
    fraction = "".join(texts)
    if fraction.endswith("/dt") and len(texts) == 3 and texts[0][0] == "d":
        return texts[0][1:] if texts[0][1:].isidentifier() else ""
    for order in ("2", "^2", "²"):
        name = fraction.removeprefix(f"d{order}").removesuffix(f"/dt{order}")
        if len(name) == len(fraction) - 4 - 2 * len(order) and name.isidentifier():
            return name
    return ""


def _check_order(name: str, texts: list[str], left: tuple[Lexeme, ...]) -> FaultError | None:
    if len(texts) == 2 or texts[-1] == "dt":
        return None
    message = "Only first derivatives can be used."
    velocity = "v" if name != "v" else "w"
    suggestion = f"Write two equations: {name}' = {velocity} and {velocity}' = ..."
    return FaultError(left[0].start, left[-1].end, message, suggestion)


def _check_zero(texts: list[str], start: int, end: int) -> FaultError | None:
    name, inside = texts[0], texts[2:-1]
    if texts[-1] == ")" and inside in (["0"], ["0.0"], ["0."]):
        return None
    if inside == [TIME] and texts[-1] == ")":
        return FaultError(start, end, f"Write {name}' = ... or {name} = ...", did_you_mean(f"{name}'"), f"{name}'")
    return FaultError(start, end, "An initial value is given at the time 0.", f"Write {name}(0) = ...", f"{name}(0)")


def _check_name(name: str, start: int, end: int) -> FaultError | None:
    if name == TIME:
        return FaultError(start, end, '"t" is the time and cannot be defined.', "For a time span write t in [0, 20].")
    if name in CONSTANTS:
        return FaultError(start, end, f'"{name}" is a fixed number and cannot be defined.', "Choose another name.")
    if name in FUNCTIONS and name != "if":
        return FaultError(start, end, f'"{name}" is a function and cannot be defined.', "Choose another name.")
    if name in RESERVED:
        return FaultError(start, end, f'"{name}" cannot be used as a name.', "Choose another name.")
    if len(name) > MAX_NAME:
        return FaultError(start, end, f"This name is too long: the limit is {MAX_NAME} letters.")
    return None
