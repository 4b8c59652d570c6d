"""The command line of the register; the verbs are the kit's."""

from collections.abc import Sequence

from bela_kit.service_cli import main as run

from vendor_service.bootstrap import build
from vendor_service.config import VendorSettings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    return run("vendor_service", VendorSettings, build, argv)
