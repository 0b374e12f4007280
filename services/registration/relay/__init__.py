"""Committed events to the stream, in order, each once; what Redis lost is found and sent again."""
