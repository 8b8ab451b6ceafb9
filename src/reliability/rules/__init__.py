"""The policy: rules that are data, each with its reason, reference and tests."""
