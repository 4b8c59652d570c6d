"""Sanctions, conflicts, screening lists and visits in PostgreSQL."""
