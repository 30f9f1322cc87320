"""Resources: what should be true of a tablet, and the steps still needed. Nothing here sends anything."""
