"""Proofs on paper and photo: what is taken as one."""
