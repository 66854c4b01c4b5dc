"""Measurements of speed and memory, taken by `make bench`. Speed is a ratio of times within one run."""
