"""Command line of reporting."""

import sys
from collections.abc import Sequence

from bela_kit.service_cli import main as run

from reporting_service.bootstrap import build
from reporting_service.config import ReportingSettings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb of the service."""
    return run("bela-reporting", ReportingSettings, build, argv if argv is not None else sys.argv[1:])
