"""Alembic migrations of reporting's database."""
