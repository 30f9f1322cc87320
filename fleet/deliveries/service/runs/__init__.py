"""Planning runs: making and giving them, their stops, what their couriers do with them, and how they end."""
