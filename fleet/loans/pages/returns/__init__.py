"""What comes back to the hub."""
