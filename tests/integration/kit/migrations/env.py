from bela_kit.db import new_metadata
from bela_kit.migrations import run_env
from bela_kit.plumbing import kit_tables

metadata = new_metadata()
kit_tables(metadata)
run_env(metadata)
