"""Use cases of the register and the ports they need."""
