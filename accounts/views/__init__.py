"""Pages of signing in, of one's own access, of invitations and of people."""
