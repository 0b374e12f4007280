"""Real processes that are killed while work goes on."""
