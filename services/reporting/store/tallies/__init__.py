"""Keeping what facts add up to, in their own transaction: sums per activity and month, and persons by number."""
