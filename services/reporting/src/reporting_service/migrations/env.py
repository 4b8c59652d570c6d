from bela_kit.migrations import run_env
from reporting_service.adapters.tables import metadata

run_env(metadata)
