"""What other services ask."""
