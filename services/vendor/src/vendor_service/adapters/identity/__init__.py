"""Certificates, KBLI and members of a koperasi in PostgreSQL."""
