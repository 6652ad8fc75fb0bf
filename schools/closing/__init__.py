"""Forms of this app that close obligations, as ``obligations.closing`` wants them registered."""
