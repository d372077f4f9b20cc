"""What is installed, against what the program asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

from odeplayground import assets

_PART = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
_PACKAGE = "odeplayground"


@dataclass(frozen=True)
class Library:
    """One library: the version that is here (empty if none), the range that is asked for, the tested version."""

    name: str
    found: str
    wanted: str
    tested: str

    @property
    def fits(self) -> bool:
        """Whether it is here in a version of the range."""
        return bool(self.found) and within(self.found, self.wanted)


def libraries() -> list[Library]:
    """The libraries that the installed program asks for; none if it runs from a bare folder."""
    tested = _tested()
    return [Library(name, _installed(name), wanted, tested.get(_spelled(name), "")) for name, wanted in _requirements()]


def within(version: str, wanted: str) -> bool:
    """Whether a version lies in a range such as ``>=6.9,<6.12``. Only release numbers count."""
    return all(_holds(_release(version), sign, _release(bound)) for sign, bound in _PART.findall(wanted))


def _holds(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    length = max(len(version), len(bound))
    left, right = (part + (0,) * (length - len(part)) for part in (version, bound))
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        ">": left > right,
    }[sign]


def _release(version: str) -> tuple[int, ...]:
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match.group().split(".")) if match else (0,)


def _requirements() -> list[tuple[str, str]]:
    try:
        lines = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
    own = [line for line in lines if "extra ==" not in line]
    return [(re.split(r"[\s<>=!;\[]", line)[0], re.sub(r"^[\w.\-]+(\[.*\])?", "", line).strip()) for line in own]


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _tested() -> dict[str, str]:
    """The pins of ``constraints.txt``, which stands beside the resources in a checkout."""
    path = assets.resources().parent / "constraints.txt"
    if not path.is_file():
        return {}
    pins = [line.split("==") for line in path.read_text(encoding="utf-8").splitlines() if "==" in line]
    return {_spelled(name): version.strip() for name, version in pins}


def _spelled(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
