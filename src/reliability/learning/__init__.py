"""What agreement and adjudications teach: whom to believe, and how likely each answer is."""
