"""Three services that never import one another."""
