"""Asking for tablets: one, many, for oneself, and whose turn it is."""
