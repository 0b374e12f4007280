"""HTTP in and out: parse, open a transaction, call one use case, answer."""
