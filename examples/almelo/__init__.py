"""The example year of Almelo: generator, counter and the coming week (see README.md)."""
