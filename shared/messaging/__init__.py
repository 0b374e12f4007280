"""Reading the stream: every entry has exactly one effect, whatever dies."""
