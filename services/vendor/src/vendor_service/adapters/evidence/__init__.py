"""Proofs in the store of files and in PostgreSQL."""
