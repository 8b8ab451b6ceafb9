"""From scored arrays to ratings that people read: words, intervals, confidence, rationale."""
