"""Figures of the README, measured: `make bench`."""
