"""The one exception that reading a spreadsheet may raise."""

import enum


class Trouble(enum.StrEnum):
    """Why a file could not be read; for tests and logs, the person reads the message."""

    EMPTY = "empty"
    EXTENSION = "extension"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    MISMATCH = "mismatch"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    MACROS = "macros"
    UNREADABLE = "unreadable"


class SpreadsheetError(Exception):
    """A file that cannot be read as a spreadsheet. `str()` of it is a Russian message that says what to do next."""

    def __init__(self, trouble: Trouble, message: str, *, found: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
        self.message = message
        #: What the file is instead («документ Word»), if that can be told.
        self.found = found
