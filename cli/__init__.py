"""The operator's hand: speaks HTTP and starts processes; imports no service."""
