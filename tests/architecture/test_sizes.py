"""Nothing grows until only its author can find the way: modules, functions and folders have a ceiling."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from .source import Function, functions, modules, name_of

CODE = modules("services", "libs", "deploy", "scripts")
TESTS = modules("tests")
# The kit has its own ceiling in test_kit.py: its modules are its public names.
WIDE_FOLDERS = {"libs/kit/src/bela_kit"}
# Wiring and mapping are lists: one statement, however many lines. They are long without being deep.
LONG_LISTS = 4


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


@pytest.mark.parametrize(("paths", "ceiling"), [(CODE, 400), (TESTS, 500)], ids=["code", "tests"])
def test_modules_stay_below_their_ceiling(paths: tuple[Path, ...], ceiling: int) -> None:
    long = {name_of(path): lines for path in paths if not is_migration(path) and (lines := count_lines(path)) > ceiling}
    assert long == {}


def test_functions_stay_below_forty_lines() -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}: {length}"
        for path in CODE
        if not is_migration(path) and path.name != "bootstrap.py"
        for function in functions(path)
        if (length := own_lines(function)) > 40 and len(own_statements(function)) > LONG_LISTS
    ]
    assert long == []


def test_folders_hold_at_most_fifteen_modules() -> None:
    counts = Counter(name_of(path.parent) for path in CODE if path.name != "__init__.py")
    assert {folder: n for folder, n in counts.items() if n > 15 and folder not in WIDE_FOLDERS} == {}


def count_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def own_statements(function: Function) -> list[ast.stmt]:
    """The statements of a function without its documentation and without functions it only defines."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return [node for node in body if not isinstance(node, Function | ast.ClassDef)]


def own_lines(function: Function) -> int:
    return sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in own_statements(function))
