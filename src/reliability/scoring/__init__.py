"""The scorer: reports become a tree of channels, and the tree is summed exactly."""
