"""Reading .docx files from strangers into paragraphs and rows of clean text."""

from sheets.word.reading import Paragraph, Table, WordError, WordLimits, looks_like_word, read_word

__all__ = ["Paragraph", "Table", "WordError", "WordLimits", "looks_like_word", "read_word"]
