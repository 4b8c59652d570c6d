"""Measures the goals of what stands, each interleaved with its raw limit in the same run."""
