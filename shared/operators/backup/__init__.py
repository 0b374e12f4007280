"""A copy of the three databases in one file, which fits either kind of database (decision 0040)."""
