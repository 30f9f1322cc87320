"""What a run does to its tablet: short recorded steps, resumable after a fault at any point."""
