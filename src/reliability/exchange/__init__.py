"""Ratings as other systems read them, agreement between raters, and the matrix of competing answers."""
