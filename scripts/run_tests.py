"""Run every check and every test, one after another, and end with a summary; behind `make test`.

Nothing stops at the first failure: one run tells all that is wrong. Each tier is a pytest run of its own, so that a
server one tier started, or a setting it changed, cannot reach the next.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REPORTS = ROOT / ".state" / "report"
JOBS = os.environ.get("JOBS", "2")
NO_TESTS = 5  # pytest's exit code for an empty selection

# Tier and how many processes share it. Those that wait for servers and disks gain from a second one.
TIERS = (
    ("architecture", "1"),
    ("unit", "1"),
    ("ports", JOBS),
    ("contract", "1"),
    ("integration", JOBS),
    ("deploy", "1"),
    ("e2e", "1"),
)


@dataclass(slots=True)
class Result:
    """How one step went."""

    name: str
    passed: bool
    seconds: float
    tests: int = 0
    failed: int = 0
    skipped: int = 0


def sources() -> list[str]:
    """Return the folders whose types are checked."""
    services = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("services/*/src"))
    return ["libs/kit/src", *services, "deploy/local", "scripts"]


def checks() -> list[tuple[str, list[str]]]:
    """Return the checks that are not pytest runs: a name and a command."""
    found = [
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("imports", [str(BIN / "lint-imports")]),
        ("types", [str(BIN / "mypy"), *sources()]),
        ("protos", [sys.executable, "scripts/proto.py", "lint"]),
        ("openapi", [sys.executable, "scripts/openapi.py", "--check"]),
    ]
    if (ROOT / "proto" / "baseline.binpb").exists():
        found.append(("proto changes", [sys.executable, "scripts/proto.py", "breaking"]))
    return found


def run(name: str, command: list[str]) -> tuple[int, float]:
    """Run a command with its output shown; return exit code and seconds."""
    print(f"\n=== {name}: {' '.join(part.replace(str(ROOT) + '/', '') for part in command)}", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
    return code, time.monotonic() - began


def check(name: str, command: list[str]) -> Result:
    """Run one check."""
    code, seconds = run(name, command)
    return Result(name, code == 0, seconds)


def tier(name: str, jobs: str) -> Result:
    """Run the tests of one tier and count them."""
    report = REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", f"tests/{name}", "-q", f"--junitxml={report}"]
    if jobs != "1":
        command += ["-n", jobs]
    code, seconds = run(f"tests: {name}", command)
    tests = failed = skipped = 0
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    return Result(f"tests: {name}", code in (0, NO_TESTS), seconds, tests, failed, skipped)


def main() -> int:
    """Run everything, print the summary, return 0 only if all of it passed."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    results = [check(name, command) for name, command in checks()]
    results += [tier(name, jobs) for name, jobs in TIERS if (ROOT / "tests" / name).is_dir()]
    print("\n=== summary")
    for result in results:
        mark = "ok    " if result.passed else "FAILED"
        counts = f"{result.tests - result.skipped:6d} tests" if result.tests else ""
        skipped = f", {result.skipped} skipped" if result.skipped else ""
        print(f"{mark} {result.name:<22} {result.seconds:7.1f} s {counts}{skipped}")
    failed_checks = sum(not result.passed and not result.tests for result in results)
    failed = sum(result.failed for result in results) + failed_checks
    skipped_total = sum(result.skipped for result in results)
    passed = sum(result.tests - result.failed - result.skipped for result in results)
    passed += sum(result.passed and not result.tests for result in results)
    print(f"in {sum(result.seconds for result in results):.0f} s")
    print(f"{passed} passed, {failed} failed, {skipped_total} skipped")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
