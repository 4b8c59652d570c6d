"""How requests, events and deadlines reach the use cases; no rule lives here."""
