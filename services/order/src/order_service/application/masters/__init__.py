"""Use cases for what ordering stands on: regions, units, grants, budget lines, RUP packages, policy rows."""
