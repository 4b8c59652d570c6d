"""The guard of architecture.md 2.4: the kit stays plumbing, small, and ignorant of who uses it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2] / "libs/kit/src/bela_kit"
MODULES = sorted(KIT.rglob("*.py"))
SERVICES = ("vendor", "catalog", "order", "reporting")

_WORDS = re.compile(r"(?<![a-z])(vendor|catalog|order|tender|price|region)s?(?![a-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# SQL has a word of its own for sorting, and so has its builder; `_in_order` is about sequence.
_SORTING = re.compile(r"(?i)\border\s+by\b|\border_by\b|(?<![a-z])in_order\b|\bwith ordinality\b")


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in MODULES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand as a statement: docstrings of modules, classes, functions and attributes."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    documentation = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.lineno, node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.alias):
            yield node.lineno, f"{node.name} {node.asname or ''}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_kit_has_no_domain_word():
    found = [
        f"{path.relative_to(KIT)}:{line}: {text[:60]!r}"
        for path, tree in _trees()
        for line, text in _words(tree)
        if _WORDS.search(_CAMEL.sub("_", _SORTING.sub("", text)).lower())
    ]
    assert not found, "\n".join(found)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_kit_imports_no_service_and_only_the_common_protos():
    for path, tree in _trees():
        for name in _imports(tree):
            assert not name.startswith(tuple(f"{service}_service" for service in SERVICES)), path
            assert not name.startswith("bela.") or name.startswith("bela.common."), f"{path}: {name}"


def test_core_is_pure():
    import sys

    for path, tree in _trees():
        if path.parent.name != "core":
            continue
        for name in _imports(tree):
            first = name.partition(".")[0]
            assert first in sys.stdlib_module_names or name.startswith("bela_kit.core"), f"{path}: {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(KIT)))
def test_module_keeps_its_size(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_kit_stays_small():
    """The ceilings of docs/adr: a thing enters the kit only when two services already need it."""
    parts = {path.relative_to(KIT).parts[0] for path in MODULES} - {"__init__.py", "testing"}
    assert len(parts) <= 32, sorted(parts)
    lines = sum(_code_lines(path) for path in MODULES if "testing" not in path.parts)
    assert lines <= 5200


def _code_lines(path: Path) -> int:
    """Lines that hold code: no blank lines, comments or documentation."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    documentation = _docstrings(tree)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in documentation and isinstance(node, ast.Constant) and isinstance(node.value, str):
            skipped |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return sum(1 for number, line in lines if line.strip() and line.strip()[0] != "#" and number not in skipped)


def test_functions_keep_their_size():
    long = [
        f"{path.relative_to(KIT)}:{node.lineno} {node.name}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _body_lines(node) > 40
    ]
    assert not long, "\n".join(long)


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement behind the docstring: signature and documentation are not length."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or first.lineno) - first.lineno + 1


def test_every_module_says_why_it_exists():
    for path, tree in _trees():
        assert ast.get_docstring(tree), path


def test_only_the_lifecycle_knows_of_signals():
    handlers = {"add_signal_handler", "signal.signal"}
    for path, tree in _trees():
        if path.name in {"lifecycle.py", "servers.py"}:
            continue
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in handlers], path


def test_time_comes_from_one_place():
    for path, tree in _trees():
        if path.name in {"clock.py", "telemetry.py"}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                assert owner not in {"datetime", "date"}, f"{path}:{node.lineno}"


def test_nothing_but_the_database_commits():
    for path, tree in _trees():
        if path.name in {"db.py", "migrations.py"}:
            continue
        commits = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "commit"]
        assert not commits, path
