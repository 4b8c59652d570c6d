"""Shapes of what comes in, checked, and of what goes out, documented: views build answers as plain data."""
