"""The engine: observe, plan, apply exactly the plan, and verify by planning again."""
