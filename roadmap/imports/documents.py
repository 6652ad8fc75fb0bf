"""From the bytes of a file to the text of its document: Word, Excel, OpenDocument sheets, plain text."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from sheets.spreadsheets import Limits, Sheet, SpreadsheetError, Trouble, read_spreadsheet
from sheets.spreadsheets.kinds import OLE_MAGIC, STRANGERS, ZIP_MAGICS, Kind, recognise
from sheets.spreadsheets.model import MEGABYTE
from sheets.transcript import MERGED, write_table
from sheets.word import Paragraph, Table, WordError, looks_like_word, read_word

# Longer than any roadmap: order No 2381 with both annexes has 80,000 characters.
LONGEST_DOCUMENT = 1_000_000
LARGEST_TEXT = 2 * LONGEST_DOCUMENT
LARGEST_FILE = 20 * MEGABYTE
FORMATS = ".docx, .xlsx, .xls, .ods, .csv, .txt"
TOO_LARGE = (
    "Файл больше 20 МБ: в дорожной карте столько не бывает. Скопируйте таблицу в новый документ и загрузите его."
)
_SHEET_LIMITS = Limits(rows=5_000, columns=64, sheets=50, characters=LONGEST_DOCUMENT)
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_ADVICE = "Откройте документ, скопируйте таблицу и вставьте её в поле, либо сохраните документ как .docx."
_WORD_97 = "документ Word"
_NAMES_OF_WORD = (".docx", ".doc")
_NOT_WORD = (
    "Это не документ Word, хотя имя файла так говорит: внутри другое, например простой текст. Сохраните документ "
    "в Word как .docx; если это текст, дайте файлу имя с окончанием .txt."
)


class NotADocument(Exception):
    """The file holds no text to read; the message is for the person who sent it."""


def read_document(data: bytes, filename: str) -> str:
    """Return the text of a file, its tables marked with their places; raises NotADocument.

    What a file is its content says; the name only tells a .csv from other plain text, and what claims to be a
    document of Word and is none is refused.
    """
    if len(data) > LARGEST_FILE:
        raise NotADocument(TOO_LARGE)
    if not data:
        raise NotADocument("Файл пустой (0 байт). Проверьте, что выбран нужный файл.")
    try:
        text = _read(data, PurePath(filename).suffix.lower())
    except (SpreadsheetError, WordError) as error:
        raise NotADocument(_refusal(error)) from error
    if len(text) > LONGEST_DOCUMENT:
        raise NotADocument(f"В файле слишком много текста для дорожной карты. {_ADVICE}")
    return text


def _read(data: bytes, extension: str) -> str:
    if data.startswith(ZIP_MAGICS) and looks_like_word(data):
        return _word_text(read_word(data))
    if data.startswith((*ZIP_MAGICS, OLE_MAGIC)):
        kind = recognise(data, unpacked_limit=_SHEET_LIMITS.unpacked_size)
        return _sheets_text(read_spreadsheet(data, f"document{kind}", limits=_SHEET_LIMITS))
    for stranger in STRANGERS:
        if any(data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]) for magic in stranger.magics):
            raise NotADocument(_not_a_document(stranger.russian))
    if extension in _NAMES_OF_WORD:
        raise NotADocument(_NOT_WORD)
    if extension == Kind.CSV:
        return _sheets_text(read_spreadsheet(data, "document.csv", limits=_SHEET_LIMITS))
    return decode_document(data)


def _refusal(error: SpreadsheetError | WordError) -> str:
    """Say what was wrong at this door, where more than spreadsheets are taken."""
    if isinstance(error, SpreadsheetError) and error.trouble is Trouble.NOT_A_SPREADSHEET:
        if error.found == _WORD_97:
            return (
                "Это документ Word старого формата (.doc). Откройте его, выберите «Сохранить как» → "
                "«Документ Word (.docx)» и загрузите сохранённый файл."
            )
        return _not_a_document(error.found or "не документ")
    if isinstance(error, SpreadsheetError) and error.trouble is Trouble.ENCRYPTED:
        return "Файл защищён паролем. Снимите пароль, сохраните файл и загрузите ещё раз."
    if isinstance(error, SpreadsheetError) and error.trouble is Trouble.DAMAGED:
        return (
            "Файл повреждён или скачан не полностью. Откройте его в программе, в которой он сделан, сохраните заново "
            "и загрузите ещё раз."
        )
    return str(error)


def _not_a_document(what: str) -> str:
    return f"Дорожную карту из этого файла не прочитать: внутри {what}. Загрузите файл {FORMATS}. {_ADVICE}"


def _word_text(blocks: tuple[Paragraph | Table, ...]) -> str:
    return "\n".join(_word_lines(blocks))


def _word_lines(blocks: tuple[Paragraph | Table, ...]) -> Iterator[str]:
    tables = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            tables += 1
            yield write_table(f"таблица {tables}", _with_merges(block))


def _with_merges(table: Table) -> Iterator[list[str]]:
    """The rows of a table with the cells marked that belong to the one above them."""
    for number, row in enumerate(table.rows):
        yield [MERGED if (number, place) in table.merged else cell for place, cell in enumerate(row)]


def _sheets_text(sheets: tuple[Sheet, ...]) -> str:
    return "\n".join(
        write_table(f"лист «{sheet.name}»", _sheet_rows(sheet), knows_merges=sheet.knows_merges)
        for sheet in sheets
        if sheet.rows
    )


def _sheet_rows(sheet: Sheet) -> Iterator[Sequence[str]]:
    """All rows down to the last filled one, without the empty columns on the left: places stay Excel's own.

    Cells that belong to the one above them are marked.
    """
    first = min(next(place for place, cell in enumerate(row.cells) if cell) for row in sheet.rows)
    filled = {row.number: list(row.cells[first:]) for row in sheet.rows}
    for merge in sheet.merges:
        columns = range(max(merge.left - 1 - first, 0), min(merge.right - first, len(sheet.rows[0].cells) - first))
        for number in range(merge.top + 1, min(merge.low, sheet.rows[-1].number) + 1):
            for place in columns if number in filled else ():
                filled[number][place] = filled[number][place] or MERGED
    for number in range(1, sheet.rows[-1].number + 1):
        yield filled.get(number, ())


def decode_document(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or Windows-1251; raises NotADocument."""
    if len(data) > LARGEST_TEXT:
        raise NotADocument("Файл больше 2 МБ: в дорожной карте столько текста не бывает.")
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        raise NotADocument(f"В файле нет текста, который можно прочитать. {_ADVICE}") from error
    if _NOT_TEXT.search(text):
        raise NotADocument(f"В файле нет текста, который можно прочитать. {_ADVICE}")
    return text


def _decode(data: bytes) -> str:
    """Try the encodings that Russian text files come in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251")
