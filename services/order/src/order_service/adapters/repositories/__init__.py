"""Rows to records and aggregates, and back; one module a kind, all inside a transaction somebody else opened."""
