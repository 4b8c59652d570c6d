"""Reporting: read models of what the other services published, and the public pages made of them."""
