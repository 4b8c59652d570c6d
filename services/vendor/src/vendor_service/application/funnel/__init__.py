"""Figures of the way to the first sale, and targets."""
