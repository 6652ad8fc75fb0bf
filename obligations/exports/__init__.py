"""Reports of the app."""
