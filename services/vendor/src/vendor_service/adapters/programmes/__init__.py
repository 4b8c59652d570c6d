"""Programmes in PostgreSQL."""
