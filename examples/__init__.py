"""Data to see the system at work: nothing here is part of a service."""
