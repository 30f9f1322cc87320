"""The pure part of planning: whether enough tablets will be ready, and where loans go whose day is closed."""
