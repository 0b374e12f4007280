"""The events on the stream: one class per event version, their envelope, their stream."""
