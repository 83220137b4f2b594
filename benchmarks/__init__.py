"""Measurements: each folder is one benchmark with `rows()`, the figures it measures against their goals."""
