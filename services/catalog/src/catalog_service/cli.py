"""The command line of the catalog; the verbs are the kit's."""

from collections.abc import Sequence

from bela_kit.service_cli import main as run

from catalog_service.bootstrap import build
from catalog_service.config import CatalogSettings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    return run("catalog_service", CatalogSettings, build, argv)
