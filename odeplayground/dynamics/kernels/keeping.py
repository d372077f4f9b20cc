"""Machine code from an earlier start of the program: found by what it was made from, and put into memory again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import binding, ir

from odeplayground import kept_code
from odeplayground.dynamics.kernels.features import Features

_HEAD = 4
"""Bytes that tell how long the names are which follow."""


def key_of_text(text: str, features: Features, level: str) -> str:
    """A key for what LLVM makes of a text."""
    return f"{_machine(features, level)} {hashlib.sha256(text.encode()).hexdigest()}"


def key_of_sources(what: object, features: Features, level: str) -> str:
    """A key for what this package's own source makes of a few numbers and names, whose ``repr`` tells all."""
    return f"{_machine(features, level)} {_sources()} {what!r}"


class Kept:
    """An object file, the functions it defines, and the symbols it wants to be told."""

    def __init__(self, names: Sequence[str], wanted: Sequence[str], content: bytes) -> None:
        self.names, self.wanted, self._content = tuple(names), tuple(wanted), content

    @classmethod
    def of(cls, data: bytes) -> Kept:
        """From what :meth:`packed` gave."""
        end = _HEAD + int.from_bytes(data[:_HEAD], "little")
        names, wanted = data[_HEAD:end].decode().split("\n\n")
        return cls(names.split(), wanted.split(), data[end:])

    def packed(self) -> bytes:
        """All of it as bytes."""
        head = "\n\n".join("\n".join(words) for words in (self.names, self.wanted)).encode()
        return len(head).to_bytes(_HEAD, "little") + head + self._content

    @property
    def complete(self) -> bool:
        """Whether all the symbols are known to this process."""
        return all(binding.address_of_symbol(name) for name in self.wanted)

    def engine(self, features: Features) -> Any:
        """Machine code in memory, which lives as long as this does.

        LLVM would end the process if the content were no object file: that it is ours, checksums have told.
        """
        machine = binding.Target.from_default_triple().create_target_machine(
            cpu=features.cpu, features=features.flags, opt=0, jit=True
        )
        empty = binding.parse_assembly("")
        empty.triple, empty.data_layout = machine.triple, str(machine.target_data)
        engine = binding.create_mcjit_compiler(empty, machine)
        engine.add_object_file(binding.ObjectFileRef.from_data(self._content))
        engine.finalize_object()
        return engine


def symbols(module: ir.Module) -> list[str]:
    """What a module wants to be told: functions that are declared only, other than LLVM's own."""
    return [f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm.")]


def found(key: str | None) -> Kept | None:
    """What was kept under a key."""
    shelf = kept_code.shelf()
    data = None if shelf is None or key is None else shelf.get(key)
    return None if data is None else Kept.of(data)


def keep(key: str, kept: Kept) -> None:
    """Keep it for the next start."""
    shelf = kept_code.shelf()
    if shelf is not None:
        shelf.put(key, kept.packed())


def _machine(features: Features, level: str) -> str:
    return f"{llvmlite.__version__} {binding.get_default_triple()} {features!r} {level}"


@lru_cache(maxsize=1)
def _sources() -> str:
    """A name for this state of the source: whatever is edited or installed anew counts as new."""
    home = Path(__file__).parents[1]
    seen = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        status = path.stat()
        seen.update(f"{path.relative_to(home)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
