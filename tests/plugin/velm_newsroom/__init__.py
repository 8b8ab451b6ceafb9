"""What a newsroom would ship: its policy as a folder, and its own file formats."""
