"""Support bundles: what one tablet answered, without what names a person, in a file that can be read anywhere."""
