"""Field visits in PostgreSQL."""
