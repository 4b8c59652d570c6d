"""Reviews: open, decide, let lapse."""
