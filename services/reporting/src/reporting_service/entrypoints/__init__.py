"""Ways in: REST for people and programs, events from the other services."""
