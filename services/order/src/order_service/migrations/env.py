"""Alembic's entry: everything is in the kit."""

from bela_kit.migrations import run_env
from order_service.adapters.tables import metadata

run_env(metadata)
