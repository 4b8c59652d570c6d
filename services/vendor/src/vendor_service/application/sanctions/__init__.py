"""Sanctions, from the proposal of a signer to the last day."""
