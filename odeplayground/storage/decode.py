"""Strict decoding of plain data into the frozen structs of ``spec``, listing everything that is wrong.

msgspec stops at the first fault and lets unknown fields pass, so the walk over the types is done here, and msgspec
converts the leaves.

Numbers that were *measured* (losses, errors of a comparison) may be infinite or undefined, which JSON cannot say:
in the structs of ``MEASURED`` they are written as the strings of ``WORDS``. Everywhere else they are refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

from odeplayground.spec import Epoch, MatchedEquilibrium, Report, Score

WORDS = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}
MEASURED = frozenset({Epoch, Report, Score, MatchedEquilibrium})

_LEAVES: dict[type[inspect.Type], type] = {
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.BoolType: bool,
    inspect.BytesType: bytes,
}


def encode(value: msgspec.Struct) -> Any:
    """Plain data (dicts, lists, strings, finite numbers) of a struct; the inverse of :func:`decode`."""
    return _spell(msgspec.to_builtins(value))


def decode(value: Any, cls: type, path: str) -> tuple[Any, list[str]]:
    """An instance of the struct ``cls``, or ``None`` and the problems, each beginning with the path of the field."""
    problems: list[str] = []
    result = _Walk(problems).value(value, inspect.type_info(cls), path, measured=False)
    return (None if problems else result), problems


def _spell(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case dict():
            return {key: _spell(item) for key, item in value.items()}
        case list() | tuple():
            return [_spell(item) for item in value]
        case _:
            return value


class _Walk:
    """One method per kind of type; a faulty part becomes ``None`` and a problem."""

    def __init__(self, problems: list[str]) -> None:
        self._problems = problems
        self._kinds: dict[type[inspect.Type], Callable[..., Any]] = {
            inspect.StructType: self._struct,
            inspect.UnionType: self._union,
            inspect.VarTupleType: self._list,
            inspect.TupleType: self._fixed_list,
            inspect.DictType: self._dict,
            inspect.EnumType: self._choice,
            inspect.FloatType: self._number,
        }

    def value(self, value: Any, kind: inspect.Type, path: str, measured: bool) -> Any:
        walk = self._kinds.get(type(kind))
        if walk is not None:
            return walk(value, kind, path, measured)
        return self._convert(value, _LEAVES[type(kind)], path)

    def _problem(self, path: str, sentence: str) -> None:
        self._problems.append(f"{path}: {sentence}")

    def _convert(self, value: Any, target: type, path: str) -> Any:
        try:
            return msgspec.convert(value, target)
        except msgspec.ValidationError as error:
            self._problem(path, f"{error}.")
            return None

    def _struct(self, value: Any, kind: inspect.StructType, path: str, measured: bool) -> Any:
        if not isinstance(value, dict):
            self._problem(path, f"Expected an object, got {_named(value)}.")
            return None
        before = len(self._problems)
        known = {field.encode_name for field in kind.fields} | {kind.tag_field}
        for name in sorted(value.keys() - known):
            self._problem(f"{path}.{name}", "Unknown field.")
        if kind.tag_field is not None and value.get(kind.tag_field) != kind.tag:
            self._problem(f"{path}.{kind.tag_field}", f"Expected {kind.tag!r}.")
        fields = {}
        measured = measured or kind.cls in MEASURED
        for field in kind.fields:
            name = field.encode_name
            if name in value:
                fields[field.name] = self.value(value[name], field.type, f"{path}.{name}", measured)
            elif field.required:
                self._problem(f"{path}.{name}", "Missing field.")
        return self._build(kind.cls, fields, path) if len(self._problems) == before else None

    def _build(self, cls: type, fields: dict[str, Any], path: str) -> Any:
        try:
            return cls(**fields)
        except ValueError as error:
            self._problem(path, f"{error}.")
            return None

    def _union(self, value: Any, kind: inspect.UnionType, path: str, measured: bool) -> Any:
        present = [item for item in kind.types if not isinstance(item, inspect.NoneType)]
        if value is None and len(present) < len(kind.types):
            return None
        if len(present) == 1:
            return self.value(value, present[0], path, measured)
        structs = {item.tag: item for item in present if isinstance(item, inspect.StructType)}
        return self._tagged(value, structs, path, measured)

    def _tagged(self, value: Any, kinds: dict[Any, inspect.StructType], path: str, measured: bool) -> Any:
        """One of several structs, which one is told by its tag."""
        field = next(iter(kinds.values())).tag_field
        chosen = kinds.get(value.get(field)) if isinstance(value, dict) and isinstance(value.get(field), str) else None
        if chosen is not None:
            return self._struct(value, chosen, path, measured)
        if isinstance(value, dict):
            self._problem(f"{path}.{field}", f"Expected {' or '.join(sorted(map(repr, kinds)))}.")
        else:
            self._problem(path, f"Expected an object, got {_named(value)}.")
        return None

    def _list(self, value: Any, kind: inspect.VarTupleType, path: str, measured: bool) -> Any:
        if not isinstance(value, list):
            self._problem(path, f"Expected a list, got {_named(value)}.")
            return None
        return tuple(self.value(item, kind.item_type, f"{path}[{i}]", measured) for i, item in enumerate(value))

    def _fixed_list(self, value: Any, kind: inspect.TupleType, path: str, measured: bool) -> Any:
        if not isinstance(value, list) or len(value) != len(kind.item_types):
            self._problem(path, f"Expected a list of {len(kind.item_types)}, got {_named(value)}.")
            return None
        pairs = enumerate(zip(value, kind.item_types, strict=True))
        return tuple(self.value(item, item_type, f"{path}[{i}]", measured) for i, (item, item_type) in pairs)

    def _dict(self, value: Any, kind: inspect.DictType, path: str, measured: bool) -> Any:
        if not isinstance(value, dict):
            self._problem(path, f"Expected an object, got {_named(value)}.")
            return None
        return {key: self.value(item, kind.value_type, f"{path}.{key}", measured) for key, item in value.items()}

    def _choice(self, value: Any, kind: inspect.EnumType, path: str, measured: bool) -> Any:
        try:
            return kind.cls(value)
        except ValueError:
            choices = ", ".join(str(member.value) for member in kind.cls)
            self._problem(path, f"Expected one of {choices}, got {_named(value)}.")
            return None

    def _number(self, value: Any, kind: inspect.FloatType, path: str, measured: bool) -> Any:
        if not (isinstance(value, str) and value in WORDS):
            return self._convert(value, float, path)
        if not measured:
            self._problem(path, f"Expected a finite number, got {value}.")
        return WORDS[value]


def _named(value: Any) -> str:
    """A value in an error message: itself when short, otherwise what it is."""
    match value:
        case dict():
            return "an object"
        case list():
            return f"a list of {len(value)}"
        case str() if len(value) > 40:
            return "a long string"
        case _:
            return repr(value)
