"""One function per question or command: load, decide, save, answer."""
