"""Uploads of proofs, and who sees them."""
