"""Articles in, reports out: who says what, as found in the words of the text."""
