"""Alembic migrations of notifications' database."""
