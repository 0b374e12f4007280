"""HTML pages for residents and the coalition: the same figures as the JSON, in Dutch (B1)."""
