"""Merge candidates and merges in PostgreSQL."""
