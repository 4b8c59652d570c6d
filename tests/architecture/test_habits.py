"""Habits of CONTRIBUTING.md that a reader of one module cannot see: where time, money, commits and words come from."""

import ast
import re
from pathlib import Path

from .source import dotted, functions, modules, name_of, tree

SERVICES = modules("services")
KIT = modules("libs")
PRODUCT = KIT + SERVICES
CLOCK = "libs/kit/src/bela_kit/core/clock.py"
# What may look at the wall clock: the age of a token, of a log record, of a test's token.
WALL_CLOCK = {CLOCK, "libs/kit/src/bela_kit/auth.py", "libs/kit/src/bela_kit/telemetry.py"}
COMMITS = {"libs/kit/src/bela_kit/db.py", "libs/kit/src/bela_kit/migrations.py"}
SQL_TIME = re.compile(
    r"(?i)\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)"
    r"|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b"
)
# Times of plumbing rows, which no business rule reads: when claimed, stored, parked.
SQL_TIME_OF_PLUMBING = {"plumbing.py", "plumbing_ddl.py", "dead_letters.py", "jobs.py", "inbox.py", "outbox_relay.py"}
MONEY = re.compile(r"(_idr|^amount|^price|unit_price|ceiling|rupiah)")


def calls(path: Path) -> list[tuple[int, str]]:
    return [(node.lineno, dotted(node.func)) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_only_command_lines_print() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in PRODUCT
        if path.name not in {"cli.py", "service_cli.py"}
        for line, name in calls(path)
        if name in {"print", "pprint", "pprint.pprint", "sys.stdout.write", "sys.stderr.write"}
    ]
    assert found == []


def test_time_comes_from_the_clock() -> None:
    forbidden = re.compile(r"(^|\.)(datetime|date)\.(now|utcnow|today|fromtimestamp|utcfromtimestamp)$|^time\.time$")
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in PRODUCT
        if name_of(path) not in WALL_CLOCK and "testing" not in path.parts
        for line, name in calls(path)
        if forbidden.search(name)
    ]
    assert found == []


def test_no_datetime_is_naive() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"datetime", "datetime.datetime"}
        and len(node.args) < 8
        and not any(keyword.arg in {"tzinfo", None} for keyword in node.keywords)
    ]
    assert found == []


def test_sql_never_asks_the_database_for_the_time() -> None:
    found = []
    for path in PRODUCT:
        if path.name in SQL_TIME_OF_PLUMBING and path in KIT:
            continue
        documentation = docstrings(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                if SQL_TIME.search(node.value):
                    found.append(f"{name_of(path)}:{node.lineno} {node.value[:60]!r}")
            elif isinstance(node, ast.Call) and re.search(r"func\.(now|current_\w+|localtime\w*)$", dotted(node.func)):
                found.append(f"{name_of(path)}:{node.lineno} {dotted(node.func)}")
    assert found == []


def test_only_the_edge_commits() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in PRODUCT
        if name_of(path) not in COMMITS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "begin_nested"}
    ]
    assert found == []


def test_money_is_never_a_float() -> None:
    found = []
    for path in SERVICES:
        for function in functions(path):
            for argument in (*function.args.args, *function.args.kwonlyargs):
                if MONEY.search(argument.arg) and "float" in annotation(argument.annotation):
                    found.append(f"{name_of(path)}:{argument.lineno} {argument.arg}")
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
                continue
            if MONEY.search(node.target.id) and re.search(r"\b(float|Decimal)\b", annotation(node.annotation)):
                found.append(f"{name_of(path)}:{node.lineno} {node.target.id}")
    assert found == []


def test_every_module_says_why_it_exists() -> None:
    silent = [
        name_of(path)
        for path in modules("services", "libs", "deploy", "scripts")
        if not ast.get_docstring(tree(path)) and "migrations" not in path.parts and path.read_text().strip()
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    found = []
    for path in modules("services", "libs", "deploy", "scripts"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node):
                found.append(f"{name_of(path)}:{node.lineno} raises NotImplementedError")
    assert found == []


def annotation(node: ast.expr | None) -> str:
    return "" if node is None else ast.unparse(node)


def docstrings(path: Path) -> set[int]:
    return {
        id(node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
