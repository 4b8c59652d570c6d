"""The order aggregate: start with `order.py` (root), `facts.py` (what it is), `state.py` (where it may go)."""
