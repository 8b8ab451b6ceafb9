"""Frozen records: what goes in (articles, reports) and what comes out (ratings)."""
