"""Telling other programs what happened: addresses that hub admins name, and each message until it is taken."""
