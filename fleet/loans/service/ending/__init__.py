"""Endings that are not a return: lost, given for good, everything stopped."""
