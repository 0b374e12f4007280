"""HTML pages for residents and for who calls and posts, over the same use cases."""
