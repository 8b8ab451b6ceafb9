"""What can be learned of sources: track records, with and without adjudications."""
