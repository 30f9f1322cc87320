"""The device side of the ADB protocol over TCP. Knows packets and streams; knows no tablet."""
