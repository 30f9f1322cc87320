"""Wiping: what must be settled first, the ways to do it, the evidence, the verdict and the certificate."""
