"""Sanctions, and what keeps a business from new orders beside them."""
