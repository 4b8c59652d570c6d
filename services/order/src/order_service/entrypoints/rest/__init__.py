"""The public REST API of the order service."""
