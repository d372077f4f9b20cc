"""What the source must not contain: code that runs data as code, and traces of one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.places import PACKAGE, ROOT

CALLS = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "code", "runpy"}
ATTRIBUTES = {
    "torch.load", "torch.save", "np.load", "numpy.load", "os.system", "os.popen", "builtins.eval", "builtins.exec",
}  # fmt: skip
ENDS = {attribute.rpartition(".")[2] for attribute in ATTRIBUTES}
FOLDERS = ("odeplayground", "tests", "examples", "resources", ".github", ".ci")
TEXTS = {".py", ".md", ".toml", ".txt", ".json", ".odep", ".yml", ".yaml", ".cfg", ".svg", ""}

# Written so that this file does not find itself.
MACHINE = re.compile(r"/home/\w|/root[/]|/Users/\w|/work[/]\w|C:\\Users")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def texts() -> list[Path]:
    top = [path for path in ROOT.iterdir() if path.is_file()]
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(path for path in top + below if path.suffix in TEXTS and "__pycache__" not in path.parts)


def dangerous(tree: ast.AST) -> Iterator[str]:
    """Everything in a module that runs text or foreign bytes as code."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield f"line {node.lineno}: {name}()"
            case ast.Attribute(attr=name) if name in ENDS and ast.unparse(node) in ATTRIBUTES:
                yield f"line {node.lineno}: {ast.unparse(node)}"
            case ast.Import(names=names):
                yield from (f"line {node.lineno}: import {a.name}" for a in names if a.name.split(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES:
                yield f"line {node.lineno}: from {module}"
            case ast.keyword(arg="allow_pickle" | "shell", value=ast.Constant(value=True)):
                yield f"line {node.value.lineno}: {node.arg}=True"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_runs_no_data_as_code(path: Path) -> None:
    assert list(dangerous(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')", "exec(code)", "import pickle", "from marshal import loads", "__import__('os')", "torch.load(f)",
        "np.load(f, allow_pickle=True)", "subprocess.run(c, shell=True)", "compile(a, b, 'exec')",
    ],
)  # fmt: skip
def test_the_scan_sees_what_it_looks_for(text: str) -> None:
    assert list(dangerous(ast.parse(text)))


@pytest.mark.parametrize("text", ["app.exec()", "model.eval()", "re.compile('x')", "np.load(f, allow_pickle=False).x"])
def test_the_scan_spares_the_innocent(text: str) -> None:
    assert [found for found in dangerous(ast.parse(text)) if "np.load" not in found] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE.search(line)
    ]

    assert found == []


def test_the_search_for_places_finds_one() -> None:
    assert MACHINE.search("/".join(["", "home", "ada", "model.odep"]))
