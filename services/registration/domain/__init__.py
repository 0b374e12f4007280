"""The rules of taking part: pure, without a library, `now` always an argument."""
