"""The command line of the order service; the verbs are the kit's."""

from collections.abc import Sequence

from bela_kit.service_cli import main as kit_main

from order_service.bootstrap import build
from order_service.config import OrderSettings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    return kit_main("python -m order_service", OrderSettings, build, argv)
