"""Answer bodies; one module per noun."""
