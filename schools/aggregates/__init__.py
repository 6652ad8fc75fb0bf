"""What the registry and the plans add up to: one school, municipalities, the region."""
