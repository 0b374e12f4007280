"""What operators mend a consumer with: its dead letters, and a rebuild from the event log."""
