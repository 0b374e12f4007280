"""Request and answer bodies; one module per noun."""
