"""What facts add up to, so that a question costs the same however many facts there are (decision 0031)."""
