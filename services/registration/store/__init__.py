"""Domain values to rows and back; the only SQL of this service beside the log's."""
