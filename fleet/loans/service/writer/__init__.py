"""Under every change of a loan: locks, what was told before, the facts, and the one writer of its state."""
