"""Reactions to what other services did."""
