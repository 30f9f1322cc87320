"""From the person's hands back to the shelf, and what is taken back or told late."""
