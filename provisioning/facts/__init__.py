"""Facts: what can be read from a tablet, each as a command and a pure parser. Nothing here changes a tablet."""
