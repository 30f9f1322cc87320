"""The words that a borrower agrees to, and the papers that are printed for them."""
