"""How fast the work is done, as a ratio to a floor measured in the same run; no benchmark is a test."""
