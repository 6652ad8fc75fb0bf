"""From the bytes of a text file to its text."""

import re

# Longer than any roadmap: order No 2381 with both annexes has 80,000 characters.
LONGEST_DOCUMENT = 1_000_000
LARGEST_FILE = 2 * LONGEST_DOCUMENT
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_ADVICE = (
    "Откройте документ, скопируйте таблицу и вставьте её в поле, либо сохраните документ как «Обычный текст (.txt)»."
)


class NotADocument(Exception):
    """The file holds no text to read; the message is for the person who sent it."""


def decode_document(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or Windows-1251; raises NotADocument."""
    if len(data) > LARGEST_FILE:
        raise NotADocument("Файл больше 2 МБ: в дорожной карте столько текста не бывает.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")):
        raise NotADocument(f"Это не текстовый файл, а документ Word, Excel или PDF. {_ADVICE}")
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
