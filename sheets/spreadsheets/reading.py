"""From the bytes of an uploaded file to sheets of clean text, or to one clear refusal."""

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import Any

from sheets.children import ChildDied, ChildNotStarted, run_child
from sheets.spreadsheets import delimited, kinds
from sheets.spreadsheets.child import PARTING
from sheets.spreadsheets.errors import SpreadsheetError, Trouble
from sheets.spreadsheets.kinds import Kind
from sheets.spreadsheets.model import DEFAULT_LIMITS, MEGABYTE, Book, Limits, Merge, RawSheet, Sheet, SheetRow, spaced
from sheets.text import clean_rows, clean_text

_CHILD = Path(__file__).with_name("child.py")
_FORMATS = ".xlsx, .xls, .ods или .csv"


def read_spreadsheet(data: bytes, filename: str, *, limits: Limits = DEFAULT_LIMITS) -> tuple[Sheet, ...]:
    """The visible sheets of an .xlsx, .xls, .ods or .csv file, as `read_book` reads them."""
    return read_book(data, filename, limits=limits).sheets


def read_book(data: bytes, filename: str, *, limits: Limits = DEFAULT_LIMITS) -> Book:
    """The visible sheets of an .xlsx, .xls, .ods or .csv file and what was left out of it.

    `filename` gives only the extension, which must fit the content. Raises `SpreadsheetError`, and nothing
    else, on whatever the bytes may be. A .csv is one sheet named after its file.
    """
    answer = _read(data, filename, limits, raw=False)
    book = Book(
        sheets=tuple(_sheet(one) for one in answer["sheets"] if not one.get("hidden")),
        hidden_sheets=tuple(clean_text(one["name"]) for one in answer["sheets"] if one.get("hidden")),
        has_links=answer.get("links", False),
    )
    if not any(sheet.rows for sheet in book.sheets):
        raise SpreadsheetError(
            Trouble.EMPTY,
            "В файле нет ни одной заполненной строки. Проверьте, что выбран нужный файл и что лист не скрыт.",
        )
    return book


def read_raw(data: bytes, filename: str, *, limits: Limits = DEFAULT_LIMITS) -> tuple[RawSheet, ...]:
    """All worksheets of a file, hidden ones too, as they stand in it; raises what `read_book` raises."""
    return tuple(
        RawSheet(
            name=one["name"],
            rows=one["rows"],
            is_hidden=bool(one.get("hidden")),
            merges=tuple(Merge(*merge) for merge in one.get("merges", ())),
            hidden_rows=frozenset(one.get("hidden_rows", ())),
        )
        for one in _read(data, filename, limits, raw=True)["sheets"]
    )


def _read(data: bytes, filename: str, limits: Limits, *, raw: bool) -> dict[str, Any]:
    """The child's answer, or the like of it for a .csv."""
    if not data:
        raise SpreadsheetError(Trouble.EMPTY, "Файл пустой (0 байт). Проверьте, что выбран нужный файл.")
    _check_size(len(data), limits)
    named = _named_kind(filename)
    kind = kinds.recognise(data, unpacked_limit=limits.unpacked_size)
    if kind is not named:
        raise _mismatch(named, kind)
    if kind is Kind.CSV:
        rows = delimited.read_delimited(delimited.decode(data), rows=limits.rows, columns=limits.columns)
        return {"sheets": [{"name": PurePath(filename).stem, "rows": rows}]}
    return _read_workbook(data, limits, raw=raw)


def read_spreadsheet_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> tuple[Sheet, ...]:
    """The same for a file on disk; a missing or unreadable file is a `SpreadsheetError` too."""
    return read_book_file(path, limits=limits).sheets


def read_book_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Book:
    """`read_book` of a file on disk; a missing or unreadable file is a `SpreadsheetError` too."""
    try:
        _check_size(path.stat().st_size, limits)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise SpreadsheetError(
            Trouble.UNREADABLE,
            f"Файл «{path}» не удалось открыть. Проверьте, что он существует и доступен для чтения.",
        ) from error
    return read_book(data, path.name, limits=limits)


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.file_size:
        raise SpreadsheetError(
            Trouble.TOO_BIG,
            f"Файл слишком большой: {_megabytes(size)}, а принимаем не более {_megabytes(limits.file_size)}. "
            "Уберите из таблицы картинки и лишние листы или разделите её на части.",
        )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0МБ"


def _named_kind(filename: str) -> Kind:
    extension = PurePath(filename).suffix.lower()
    try:
        return Kind(extension)
    except ValueError:
        pass
    if extension in (".xlsm", ".xlsb", ".xltx", ".xlt", ".xml", ".htm", ".html", ".mht", ".numbers", ".fods"):
        raise SpreadsheetError(
            Trouble.EXTENSION,
            f"Таблицы в формате {extension} не принимаем. Откройте файл, выберите «Сохранить как» → "
            "«Книга Excel (.xlsx)» и загрузите сохранённый файл.",
        )
    shown = f"с расширением {clean_text(extension)[:20]}" if extension else "без расширения"
    raise SpreadsheetError(
        Trouble.EXTENSION,
        f"Файл {shown} не принимаем. Загрузите таблицу в формате {_FORMATS}.",
    )


def _mismatch(named: Kind, kind: Kind) -> SpreadsheetError:
    if kind is Kind.CSV:
        # Plain text is all that is left when nothing else fits, so here the content names no format.
        return SpreadsheetError(
            Trouble.MISMATCH,
            f"Файл назван {named}, но это не таблица такого формата. Откройте исходную таблицу в Excel или "
            "LibreOffice, сохраните как «Книга Excel (.xlsx)» и загрузите ещё раз.",
        )
    return SpreadsheetError(
        Trouble.MISMATCH,
        f"Файл назван {named}, а внутри таблица формата {kind}. Исправьте расширение в имени файла на {kind} "
        "и загрузите ещё раз.",
    )


def _sheet(answer: dict[str, Any]) -> Sheet:
    """Clean the texts, leave out what turned out blank, and cut all rows to the last filled column."""
    numbered = list(_rows(answer))
    cleaned = zip((number for number, _ in numbered), clean_rows([cells for _, cells in numbered]), strict=True)
    filled = [(number, cells) for number, cells in cleaned if any(cells)]
    width = _filled_width([cells for _, cells in filled])
    return Sheet(
        name=clean_text(answer["name"]),
        rows=tuple(SheetRow(number, tuple(cells[:width]) + ("",) * (width - len(cells))) for number, cells in filled),
        merges=tuple(Merge(*merge) for merge in answer.get("merges", ())),
        knows_merges=answer.get("knows_merges", False),
        hidden_rows=frozenset(answer.get("hidden_rows", ())),
        faults={(row, column): name for row, column, name in answer.get("faults", ())},
    )


def _rows(answer: dict[str, Any]) -> Iterable[tuple[int, Sequence[str]]]:
    """The numbered rows of a sheet; those of a workbook come in one text that holds all their cells."""
    if "rows" in answer:
        rows: Iterable[tuple[int, Sequence[str]]] = answer["rows"]
        return rows
    numbers: list[int] = answer["numbers"]
    cells = answer["cells"].split(PARTING)
    width = len(cells) // (len(numbers) or 1)
    return zip(numbers, zip(*[iter(cells)] * width, strict=True), strict=bool(numbers))


def _filled_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of the last column that is filled in any of the rows, counted from 1."""
    width = max(map(len, rows), default=0)
    while width and not any(len(cells) >= width and cells[width - 1] for cells in rows):
        width -= 1
    return width


def _read_workbook(data: bytes, limits: Limits, *, raw: bool) -> dict[str, Any]:
    """Let the child process read the workbook; its death or its answer becomes rows or a refusal."""
    sizes = (limits.rows, limits.columns, limits.sheets, limits.characters, limits.memory, limits.seconds)
    arguments = (*sizes, int(raw))
    try:
        answer = run_child(_CHILD, data, arguments, seconds=limits.seconds)
    except ChildDied as error:
        raise _too_heavy() from error
    except ChildNotStarted as error:
        raise SpreadsheetError(
            Trouble.UNREADABLE, "Не удалось запустить чтение файла. Попробуйте ещё раз через несколько минут."
        ) from error
    if "trouble" in answer:
        raise _refusal(answer, limits)
    return answer


def _too_heavy() -> SpreadsheetError:
    return SpreadsheetError(
        Trouble.TOO_BIG,
        "При открытии файл занимает слишком много памяти или времени. Обычно это значит, что далеко от таблицы "
        "есть случайно заполненная ячейка или что файл повреждён. Скопируйте таблицу в новую книгу и загрузите её.",
    )


def _refusal(answer: dict[str, Any], limits: Limits) -> SpreadsheetError:
    match answer["trouble"]:
        case "too_big":
            return _too_heavy()
        case "too_many_sheets":
            return SpreadsheetError(
                Trouble.TOO_BIG,
                f"В книге листов: {answer['number']}, а принимаем не более {limits.sheets}. Удалите лишние листы.",
            )
        case "too_many_rows":
            return SpreadsheetError(
                Trouble.TOO_MANY_ROWS,
                f"На листе «{clean_text(answer['sheet'])}» данные доходят до строки {spaced(answer['number'])}, "
                f"а читаем не более {spaced(limits.rows)} строк. Удалите лишние строки под таблицей "
                "или разделите файл на части.",
            )
        case "too_many_columns":
            return SpreadsheetError(
                Trouble.TOO_MANY_COLUMNS,
                f"На листе «{clean_text(answer['sheet'])}» данные доходят до столбца {answer['number']}, а читаем "
                f"не более {limits.columns} столбцов. Удалите лишние столбцы справа от таблицы.",
            )
    return kinds.damaged()
