"""Where requests, calls and events come in."""
