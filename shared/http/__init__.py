"""What all HTTP answers have in common: problems, keys, headers, health."""
