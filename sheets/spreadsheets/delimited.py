"""Reading .csv: finding out its encoding and its delimiter."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from sheets.spreadsheets.errors import SpreadsheetError, Trouble
from sheets.spreadsheets.model import spaced

DELIMITERS = (";", "\t", ",")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
# A quote that was opened and never closed swallows the rest of the file, this mark included.
_END_MARK = "\ue000end\ue000"
_SAMPLE_ROWS = 50


def decode(data: bytes) -> str:
    """The text of a .csv: UTF-8, UTF-16 where a mark says so («Текст Юникод» of Excel), else Windows-1251."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = data.decode("cp1251")
    except UnicodeDecodeError as error:
        raise _not_text() from error
    if _NOT_TEXT.search(text):
        raise _not_text()
    return text


def read_delimited(text: str, *, rows: int, columns: int) -> list[tuple[int, list[str]]]:
    """Numbered filled rows of a .csv text; a first line «sep=;» of Excel's is obeyed and not counted."""
    delimiter, text = _named_delimiter(text)
    delimiter = delimiter or _likely_delimiter(text)
    found: list[tuple[int, list[str]]] = []
    number = 0
    cells: list[str] = []
    try:
        for number, cells in enumerate(_parse(f"{text}\n{_END_MARK}", delimiter), start=1):
            if cells == [_END_MARK] or not any(cell.strip() for cell in cells):
                continue
            if number > rows:
                raise SpreadsheetError(
                    Trouble.TOO_MANY_ROWS,
                    f"В файле больше строк, чем читаем за один раз ({spaced(rows)}). "
                    "Разделите его на части и загрузите их по очереди.",
                )
            if len(cells) > columns:
                raise SpreadsheetError(
                    Trouble.TOO_MANY_COLUMNS,
                    f"В строке {number} столбцов больше, чем читаем ({spaced(columns)}). "
                    "Удалите лишние столбцы и загрузите файл ещё раз.",
                )
            found.append((number, cells))
    except csv.Error as error:
        raise (_open_quote(number + 1) if '"' in text else _endless_cell(number + 1)) from error
    if cells != [_END_MARK]:
        raise _open_quote(number)
    return found


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _named_delimiter(text: str) -> tuple[str, str]:
    head, _, rest = text.partition("\n")
    match = re.fullmatch(r'"?sep=([;,\t])"?\r?', head, re.IGNORECASE)
    return (match[1], rest) if match else ("", text)


def _likely_delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have one and the same width, the wider the better."""

    def score(delimiter: str) -> int:
        widths: Counter[int] = Counter()
        try:
            for number, cells in enumerate(_parse(text, delimiter)):
                if number >= _SAMPLE_ROWS:
                    break
                widths[len(cells)] += 1
        except csv.Error:
            return 0
        return max(((width - 1) * times for width, times in widths.items()), default=0)

    return max(DELIMITERS, key=score)


def _not_text() -> SpreadsheetError:
    return SpreadsheetError(
        Trouble.NOT_A_SPREADSHEET,
        "Это не таблица: в файле нет текста, который можно прочитать. "
        "Загрузите таблицу в формате .xlsx, .xls, .ods или .csv.",
    )


def _endless_cell(row: int) -> SpreadsheetError:
    most = spaced(csv.field_size_limit())
    return SpreadsheetError(
        Trouble.DAMAGED,
        f"В строке {row} одна из ячеек длиннее {most} знаков: столько здесь не бывает. "
        "Проверьте, что в неё не попал посторонний текст, и загрузите файл ещё раз.",
    )


def _open_quote(row: int) -> SpreadsheetError:
    return SpreadsheetError(
        Trouble.DAMAGED,
        f'В строке {row} открыта кавычка ("), которая нигде не закрыта, и конец файла не прочитать. '
        "Закройте или удалите кавычку либо сохраните таблицу как «Книга Excel (.xlsx)».",
    )
