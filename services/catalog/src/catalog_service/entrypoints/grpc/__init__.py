"""What other services ask now."""
