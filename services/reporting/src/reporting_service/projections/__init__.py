"""Events in, read models out; every one can be emptied and built again by replay."""
