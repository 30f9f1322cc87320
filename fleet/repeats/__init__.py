"""Answers kept for a day for programs that ask the same again with the same `Idempotency-Key`."""
