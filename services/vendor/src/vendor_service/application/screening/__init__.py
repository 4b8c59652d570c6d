"""Take lists in, and keep every business in line with them."""
