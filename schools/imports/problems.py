"""One thing wrong in a list, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportProblem:
    """What is wrong and where: sheet, row as Excel numbers it, column as Excel letters it, its title.

    A place that isn't known is None: a file that cannot be read has no rows.
    """

    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    heading: str | None = None

    @property
    def place(self) -> str:
        """The place in words: «лист «Школы», строка 12, столбец E»; empty for the file as a whole."""
        parts = []
        if self.sheet is not None:
            parts.append(f"лист «{self.sheet}»")
        if self.row is not None:
            parts.append(f"строка {self.row}")
        if self.column is not None:
            parts.append(f"столбец {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message
