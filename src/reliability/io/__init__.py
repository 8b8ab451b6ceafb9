"""Readers and writers: articles, report records, sources files, rating records; one file per format."""
