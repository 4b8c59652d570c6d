"""Runs the register's migrations."""

from bela_kit.migrations import run_env
from vendor_service.adapters import unit_of_work  # noqa: F401 - every feature's tables attach to the metadata
from vendor_service.adapters.tables import metadata

run_env(metadata)
