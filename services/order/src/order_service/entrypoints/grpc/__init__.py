"""The order service answers no RPC yet; its server carries the health service alone."""
