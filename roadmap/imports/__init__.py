"""Reading an order's annex: pasted text → rows with their lines → a draft of the roadmap. Pure."""
