"""Migrations of registration's database."""
