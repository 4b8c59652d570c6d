"""What the ports look like on PostgreSQL, gRPC and the event stream."""
