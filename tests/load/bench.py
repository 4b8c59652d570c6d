"""Measure the goals of performance.md that concern what stands, each beside its raw limit, and print a table.

    make bench [T="--only g1,g9"]
    python tests/load/bench.py [--only g1,g8x] [--seconds N] [--out FILE] [--gate]

Starts a stack of its own in a temporary folder and removes it. Everything stays on loopback.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOALS = ("g1", "g4", "g8", "g9", "g14", "start", "vendors", "eligibility")
ON_DEMAND = ("g8x",)
"""Takes minutes; only when asked for."""


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", default=",".join(GOALS), help=f"some of {','.join((*GOALS, *ON_DEMAND))} (g1 brings g3 and g16)"
    )
    parser.add_argument("--seconds", type=float, default=6.0, help="length of one round")
    parser.add_argument("--regions", type=int, default=250, help="regions that buy")
    parser.add_argument("--products", type=int, default=50_000, help="products to search in")
    parser.add_argument("--out", type=Path, default=ROOT / ".state" / "bench.json", help="where the JSON goes")
    parser.add_argument("--gate", action="store_true", help="fail if a gate of CI is missed")
    options = parser.parse_args(arguments)
    chosen = [name for name in options.only.lower().split(",") if name]
    unknown = sorted(set(chosen) - {*GOALS, *ON_DEMAND})
    if unknown:
        parser.error(f"unknown goals: {', '.join(unknown)}")
    # Late, so that --help needs neither the stack nor its libraries.
    from bela_bench.run import Plan, run

    plan = Plan(frozenset(chosen), options.seconds, options.regions, options.products, options.out)
    results = run(plan)
    missed = [one.goal for one in results if one.gate is False]
    if options.gate and missed:
        print(f"gates missed: {', '.join(missed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
