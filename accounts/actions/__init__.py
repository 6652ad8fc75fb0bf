"""What is done to people, their posts and their access: each act writes its line of the journal."""
