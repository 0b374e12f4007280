"""Alembic migrations, a folder per service."""
