"""Pages of the work on obligations."""
