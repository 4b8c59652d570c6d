"""The order service: budget, needs, suggestions, orders, BAST, invoices, taxes and payments of a local government."""
