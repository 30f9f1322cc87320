"""From the allocation to the person's hands, and when it is due back."""
