"""Servers of this machine that really speak the protocols of those outside it."""
