"""Other programs whose models are special cases of ours: what they themselves answered, stored."""
