"""Runs the catalog's migrations."""

from bela_kit.migrations import run_env
from catalog_service.adapters.tables import metadata

run_env(metadata)
