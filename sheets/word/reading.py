"""From the bytes of a Word document to its paragraphs and tables, or to one clear refusal."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheets.children import ChildDied, ChildNotStarted, run_child
from sheets.packages import BROKEN_ZIP
from sheets.spreadsheets.model import MEGABYTE, spaced
from sheets.text import clean_text
from sheets.word.grid import even_rows

_CHILD = Path(__file__).with_name("child.py")
_SAVE_AGAIN = (
    "Откройте его в Word или LibreOffice, выберите «Сохранить как» → «Документ Word (.docx)» и загрузите ещё раз."
)


class WordError(Exception):
    """A file that cannot be read as a Word document; the Russian message says what to do next."""


@dataclass(frozen=True, slots=True)
class WordLimits:
    """How much of a document we agree to read. Sizes are in bytes, time in seconds."""

    unpacked_size: int = 200 * MEGABYTE
    tables: int = 500
    rows: int = 20_000
    characters: int = 2_000_000
    memory: int = 1024 * MEGABYTE
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside any table; an empty one has no text."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of equal width, a merged cell's text in its first place.

    ``merged`` are the empty cells, by row and column from 0, that belong to a cell merged down from above.
    """

    rows: tuple[tuple[str, ...], ...]
    merged: frozenset[tuple[int, int]] = frozenset()


def looks_like_word(data: bytes) -> bool:
    """Whether the bytes are an archive with the parts of a Word document, whole or not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.replace("\\", "/").lower().startswith("word/") for name in archive.namelist())
    except BROKEN_ZIP:
        # Cut short, an archive has lost its list of members; the names of the first still stand in front of them.
        return b"word/" in data


def read_word(data: bytes, *, limits: WordLimits | None = None) -> tuple[Paragraph | Table, ...]:
    """The paragraphs and tables of a .docx in order. Raises `WordError`, and nothing else, whatever the bytes."""
    limits = limits or WordLimits()
    _check_archive(data, limits)
    arguments = (limits.tables, limits.rows, limits.characters, limits.memory, limits.seconds)
    try:
        answer = run_child(_CHILD, data, arguments, seconds=limits.seconds)
    except ChildDied as error:
        raise _too_heavy() from error
    except ChildNotStarted as error:
        raise WordError("Не удалось запустить чтение файла. Попробуйте ещё раз через несколько минут.") from error
    if "trouble" in answer:
        raise _refusal(answer, limits)
    return tuple(_blocks(answer["blocks"]))


def _check_archive(data: bytes, limits: WordLimits) -> None:
    """Refuse what is no document, is locked, holds macros or unpacks without measure, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kinds = archive.read("[Content_Types].xml")[:MEGABYTE] if _is_small(members) else b""
    except BROKEN_ZIP as error:
        raise _damaged() from error
    if any(member.flag_bits & 1 for member in members):
        raise WordError("Файл защищён паролем. Снимите пароль, сохраните документ и загрузите ещё раз.")
    if sum(member.file_size for member in members) > limits.unpacked_size:
        raise _too_heavy()
    names = {member.filename.replace("\\", "/").lower() for member in members}
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroenabled" in kinds.lower():
        raise WordError(f"В документе есть макросы, такие файлы не принимаем. {_SAVE_AGAIN}")
    if "word/document.xml" not in names:
        raise _damaged()


def _is_small(members: list[zipfile.ZipInfo]) -> bool:
    return any(one.filename == "[Content_Types].xml" and one.file_size < MEGABYTE for one in members)


def _blocks(blocks: list[list[Any]]) -> Iterator[Paragraph | Table]:
    for kind, content in blocks:
        if kind == "p":
            yield Paragraph(clean_text(content))
        else:
            rows = even_rows([[(start, span, text) for start, span, text, _ in row] for row in content])
            marks = even_rows([[(start, span, "↑" * goes_on) for start, span, _, goes_on in row] for row in content])
            texts = tuple(tuple(clean_text(cell) for cell in row) for row in rows)
            yield Table(texts, frozenset(_merged(texts, marks)))


def _merged(texts: Sequence[Sequence[str]], marks: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    for number, (cells, signs) in enumerate(zip(texts, marks, strict=True)):
        for place, (cell, sign) in enumerate(zip(cells, signs, strict=True)):
            if sign and not cell:
                yield number, place


def _damaged() -> WordError:
    return WordError(f"Документ повреждён или скачан не полностью. {_SAVE_AGAIN}")


def _too_heavy() -> WordError:
    return WordError(
        "При открытии документ занимает слишком много памяти или времени. Скопируйте таблицу в новый документ "
        "и загрузите его."
    )


def _refusal(answer: dict[str, Any], limits: WordLimits) -> WordError:
    number = answer.get("number", 0)
    match answer["trouble"]:
        case "too_many_tables":
            return WordError(
                f"В документе таблиц: {spaced(number)}, а читаем не более {limits.tables}. "
                "Скопируйте нужную таблицу в новый документ и загрузите его."
            )
        case "too_many_rows":
            return WordError(
                f"В документе больше {spaced(limits.rows)} строк и абзацев. "
                "Скопируйте нужную таблицу в новый документ и загрузите его."
            )
        case "too_big" | "too_many_characters":
            return _too_heavy()
    return _damaged()
