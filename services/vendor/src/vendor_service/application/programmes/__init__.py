"""Use cases of training and mentoring programmes."""
