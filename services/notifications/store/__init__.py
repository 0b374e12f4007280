"""Domain values to rows and back; the only SQL."""
