"""Chasing: one digest per person, region and day of what is overdue and what is due soon.

``content`` decides what a digest says (pure), ``wording`` puts it into words, ``composing`` writes
the day's rows with set-based queries, ``sending`` sends them, each once.
"""
