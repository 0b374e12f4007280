"""stream -> consumer -> usecases -> domain -> store ; clock -> scheduler -> usecases -> senders -> people."""
