"""Values in, bytes out: QR codes, label sheets and certificates. Knows no database, no network and no tablets."""
