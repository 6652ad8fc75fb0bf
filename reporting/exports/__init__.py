"""Reports of this app as documents that ``exports`` writes to files."""
