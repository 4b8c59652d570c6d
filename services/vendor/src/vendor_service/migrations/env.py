"""Runs the register's migrations."""

from bela_kit.migrations import run_env
from vendor_service.adapters.tables import metadata

run_env(metadata)
