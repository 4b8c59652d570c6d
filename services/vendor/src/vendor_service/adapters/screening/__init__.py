"""Lists and conflicts in PostgreSQL, and the reader of uploaded lists."""
