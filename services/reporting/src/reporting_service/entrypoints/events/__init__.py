"""Which durable feeds which projection."""
