"""Golden ratings: the seed's and every fixture's, kept as files and reviewed as diffs."""
