"""Ways out to people: a mail, and what carries it."""
