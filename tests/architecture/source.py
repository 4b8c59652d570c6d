"""The files of the repository, parsed once for every check of their shape."""

import ast
import functools
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("vendor", "catalog", "order", "reporting")
NOT_OURS = {".git", ".venv", ".state", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every committed file that is there."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
        return tuple(path for name in names if (path := ROOT / name).is_file() and not path.is_symlink())
    # Without git, or where git mistrusts the owner of the folder.
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        found += [path for name in files if not (path := Path(folder, name)).is_symlink()]
    return tuple(found)


@functools.cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every committed Python module below some folders; none of the generated ones."""
    wanted = tuple(ROOT / folder for folder in folders)
    generated = ROOT / "proto" / "gen"
    return tuple(
        path
        for path in tracked()
        if path.suffix == ".py"
        and not path.is_relative_to(generated)
        and any(path.is_relative_to(folder) for folder in wanted)
    )


@functools.cache
def tree(path: Path) -> ast.Module:
    """The syntax of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The path as a person says it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of attributes, an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def imports(path: Path) -> Iterator[str]:
    """Every module a module imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
