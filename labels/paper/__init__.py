"""Papers for borrowers on A4, in their language and text size: the guide to their tablet, and what they agree to."""
