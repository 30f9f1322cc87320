"""Profiles: versioned recipes, written as data files, of what a tablet should be when it leaves the bench."""
