"""Spreadsheets in and out of the register, and what they leave for a human to decide."""
