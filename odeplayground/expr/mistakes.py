"""Mistakes in an expression: what to say about each, and how to mend it."""

from __future__ import annotations

from odeplayground.expr.faults import FaultError
from odeplayground.expr.functions import FUNCTIONS, NAME_OF, Function
from odeplayground.expr.lexer import Kind, Lexeme
from odeplayground.expr.names import KEYWORDS
from odeplayground.expr.suggest import Vocabulary

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_INSTEAD = {"&&": "and", "&": "and", "||": "or", "|": "or", ":=": "=", "√": "sqrt", "{": "(", "}": ")"}


def did_you_mean(name: str) -> str:
    """The usual question."""
    return f"Did you mean `{name}`?" if name else ""


def unknown_character(line: str, lexeme: Lexeme) -> FaultError:
    """A piece that no equation can have."""
    start, end = lexeme.start, lexeme.end
    shown = line[start : min(end, start + 8)]
    text = shown if shown.isprintable() else f"U+{ord(shown[0]):04X}"
    digits = lexeme.text.translate(_PLAIN)
    if digits.isascii() and digits.isdigit():
        return FaultError(start, end, f'"{text}" cannot be used here.', f"Write ^{digits} for a power.", f"^{digits}")
    if lexeme.text in _INSTEAD:
        instead = _INSTEAD[lexeme.text]
        return FaultError(start, end, f'"{text}" cannot be used here.', did_you_mean(instead), instead)
    if text.isalpha():
        return FaultError(start, end, f'"{text}" cannot be used here.', "Names have letters a to z and Greek ones.")
    return FaultError(start, end, f'"{text}" cannot be used here.')


def undefined(lexeme: Lexeme, called: bool, vocabulary: Vocabulary) -> FaultError:
    """A name or a function that is not there."""
    name, start, end = lexeme.text, lexeme.start, lexeme.end
    if name in KEYWORDS:
        return FaultError(start, end, f'Expected a number, a name or a bracket before "{name}".')
    if called and name in vocabulary.names:
        return FaultError(start, end, f'"{name}" is not a function.', f"Write {name}*(...) to multiply.", f"{name}*")
    if called:
        nearest = vocabulary.nearest_function(name)
        return FaultError(start, end, f'There is no function "{name}".', did_you_mean(nearest), nearest)
    nearest = vocabulary.nearest_name(name)
    give = f"Add a line {name} = 1, or an equation {name}' = ..."
    mended = "" if nearest in FUNCTIONS else nearest
    return FaultError(start, end, f'"{name}" is not defined.', did_you_mean(nearest) or give, mended)


def not_called(lexeme: Lexeme) -> FaultError:
    """A function without its brackets."""
    arguments = ", ".join("xyz"[: FUNCTIONS[lexeme.text].least])
    example = f"Such as {lexeme.text}({arguments})." if lexeme.text != "if" else "Such as if(x > 0, 1, 0)."
    return FaultError(lexeme.start, lexeme.end, f'"{lexeme.text}" needs its arguments in brackets.', example)


def misplaced(line: str, previous: Lexeme, lexeme: Lexeme) -> FaultError:
    """An operator or bracket where a value should be."""
    if lexeme.kind is Kind.UNKNOWN:
        return unknown_character(line, lexeme)
    start, end, text = lexeme.start, lexeme.end, lexeme.text
    if text == "!":
        return FaultError(start, end, '"!" cannot be used here.', did_you_mean("not"), "not ")
    if text == "[":
        return FaultError(start, end, "Square brackets are for ranges only.", "Use round brackets.", "(")
    if text == ")" and previous.text == "(":
        return FaultError(previous.start, end, "There is nothing inside these brackets.")
    if text == "*" and previous.text == "*":
        return FaultError(start, end, "There is a multiplication sign too many.")
    return FaultError(start, end, f'Expected a number, a name or a bracket before "{text}".')


def unexpected(line: str, previous: Lexeme, lexeme: Lexeme, in_if: bool) -> FaultError:
    """Something other than an operator after a value."""
    if lexeme.kind is Kind.UNKNOWN:
        return unknown_character(line, lexeme)
    start, end, text = lexeme.start, lexeme.end, lexeme.text
    if text == "'":
        return FaultError(
            previous.start,
            end,
            f"The derivative {previous.text}' can only stand on the left.",
            "Write out what it equals, or name that in a line of its own.",
        )
    if text in _INSTEAD:
        instead = _INSTEAD[text]
        return FaultError(start, end, f'"{text}" cannot be used here.', did_you_mean(instead), instead)
    if text == "=":
        if in_if:
            return FaultError(start, end, 'A comparison is written "==".', did_you_mean("=="), "==")
        return FaultError(start, end, 'There is more than one "=" in this line.', "One equation per line.")
    if text == ",":
        return FaultError(start, end, 'There is a "," outside of a function.', "Write decimals with a point: 0.5.")
    if lexeme.kind in (Kind.NUMBER, Kind.NAME) or text == "(":
        return _missing_operator(line, previous, lexeme)
    return FaultError(start, end, f'"{text}" cannot be used here.')


def _missing_operator(line: str, previous: Lexeme, lexeme: Lexeme) -> FaultError:
    left, right = line[previous.start : previous.end], line[lexeme.start : lexeme.end]
    if lexeme.text in KEYWORDS:
        return FaultError(lexeme.start, lexeme.end, f'"{lexeme.text}" cannot be used here.')
    if previous.kind is Kind.NUMBER and lexeme.kind is Kind.NUMBER:
        return FaultError(lexeme.start, lexeme.end, f'There is an operator missing before "{right}".')
    product = f"{left}*{right}"
    message = f'There is an operator missing between "{left}" and "{right}".'
    return FaultError(previous.start, lexeme.end, message, did_you_mean(product), product)


def ends_early(previous: Lexeme) -> FaultError:
    """The line stops where a value should be."""
    return FaultError(previous.start, previous.end, f'Expected a number, a name or a bracket after "{previous.text}".')


def unclosed(line: str, opened: Lexeme, brackets: int, last: Lexeme) -> FaultError:
    """Brackets that never close; ``opened`` is the innermost."""
    what = "The bracket" if opened.text == "(" else f'The bracket after "{opened.text}"'
    suggestion = f"{what} in column {opened.start + 1} is still open."
    mended = line[last.start : last.end] + ")" * brackets
    return FaultError(last.start, last.end, 'Expected a closing ")".', suggestion, mended)


def unopened(lexeme: Lexeme) -> FaultError:
    """A closing bracket without its partner."""
    return FaultError(lexeme.start, lexeme.end, 'This ")" closes nothing.', 'Remove it, or add a "(" before.')


def wrong_arguments(opened: Lexeme, closed: Lexeme, function: Function, given: int) -> FaultError:
    """Too few or too many arguments."""
    least = f"at least {function.least}" if function.most == 0 else str(function.least)
    plural = "" if function.least == 1 and function.most == 1 else "s"
    message = f'"{NAME_OF[function.op]}" takes {least} argument{plural}, not {given}.'
    suggestion = "Such as if(x > 0, 1, 0)." if opened.text == "if" else ""
    return FaultError(opened.start, closed.end, message, suggestion)


def wrong_type(start: int, end: int, wants_condition: bool) -> FaultError:
    """A number where a condition should be, or the other way round."""
    if wants_condition:
        return FaultError(start, end, "Expected a comparison, not a number.", "Such as x > 0.")
    return FaultError(
        start, end, "A comparison cannot be used as a number.", "Use if(condition, a, b) to choose between two numbers."
    )


def not_finite(line: str, start: int, end: int) -> FaultError:
    """Constant arithmetic such as 1/0."""
    text = line[start:end]
    shown = text if len(text) <= 20 else text[:19] + "…"
    return FaultError(start, end, f'"{shown}" has no finite value.')


def too_deep(start: int, end: int) -> FaultError:
    """Brackets in brackets in brackets."""
    return FaultError(start, end, "This is nested too deeply.", "Give the inner part a name in a line of its own.")
