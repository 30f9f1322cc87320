"""How the virtual tablet reads an APK: its manifest, and who signed it. Written apart from the bench's own reader."""
