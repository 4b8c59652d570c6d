"""Use cases on personal data: rotation of keys, reveals, consent, requests of the person."""
