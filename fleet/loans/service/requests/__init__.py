"""From the asking to the decision, and whose turn it is."""
