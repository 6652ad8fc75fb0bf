"""What the registry adds up to: one school's card and history, municipalities, the region."""
