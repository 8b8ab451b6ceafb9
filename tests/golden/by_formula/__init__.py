"""Scenarios with a claim for each rule, worked out from the rules' numbers by DESIGN's formulas alone."""
