"""REST operations; no rule of a report lives here."""
