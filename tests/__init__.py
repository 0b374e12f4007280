"""Sentences about behaviour: unit, contracts, architecture, integration, e2e, chaos."""
