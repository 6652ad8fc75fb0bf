"""What a file really is, told by its first bytes and its parts, never by its name."""

import enum
import io
import re
import zipfile
from dataclasses import dataclass

from sheets.packages import BROKEN_ZIP
from sheets.spreadsheets.errors import SpreadsheetError, Trouble

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# How the stream of an .xls begins, and the record in it that says «the rest is encrypted».
_BIFF8_GLOBALS = bytes.fromhex("0908100000060500")
_FILEPASS = b"\x2f\x00"
_FIRST_RECORDS = 6
_ODF_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_SMALL_MEMBER = 1024 * 1024
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|title|div)\b", re.IGNORECASE)
_WORKBOOK_PART = re.compile(r"xl/workbook\d*\.xml")
_XML_WORKBOOK = b"urn:schemas-microsoft-com:office:spreadsheet"


class Kind(enum.StrEnum):
    """The kinds of file we read, by the extension they should carry."""

    XLSX = ".xlsx"
    XLS = ".xls"
    ODS = ".ods"
    CSV = ".csv"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Some other kind of file: how it begins, what to call it."""

    magics: tuple[bytes, ...]
    russian: str


STRANGERS = (
    Stranger((b"%PDF",), "документ PDF"),
    Stranger((b"MZ", b"\x7fELF"), "программа"),
    Stranger((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM"), "картинка"),
    Stranger((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "архив"),
    Stranger((b"{\\rtf",), "документ RTF"),
)


def not_a_spreadsheet(what: str) -> SpreadsheetError:
    """The refusal of a file of which we can tell what it is (`what`, nominative)."""
    return SpreadsheetError(
        Trouble.NOT_A_SPREADSHEET,
        f"Это не таблица: внутри файла {what}. Загрузите таблицу в формате .xlsx, .xls, .ods или .csv.",
        found=what,
    )


def encrypted() -> SpreadsheetError:
    """The refusal of a workbook behind a password."""
    return SpreadsheetError(
        Trouble.ENCRYPTED,
        "Файл защищён паролем. Снимите пароль (в Excel: «Файл» → «Сведения» → «Защита книги»), "
        "сохраните и загрузите ещё раз.",
    )


def damaged() -> SpreadsheetError:
    """The refusal of a file that begins like a workbook and does not hold together."""
    return SpreadsheetError(
        Trouble.DAMAGED,
        "Файл повреждён или скачан не полностью. Откройте его в Excel или LibreOffice, сохраните заново "
        "как «Книга Excel (.xlsx)» и загрузите ещё раз.",
    )


def recognise(data: bytes, *, unpacked_limit: int) -> Kind:
    """The kind of these bytes. Raises `SpreadsheetError` on all that is no spreadsheet, and on zip bombs."""
    if data.startswith(OLE_MAGIC):
        return _recognise_ole(data)
    if data.startswith(ZIP_MAGICS):
        return _recognise_zip(data, unpacked_limit=unpacked_limit)
    for stranger in STRANGERS:
        # Two-letter signatures also begin ordinary words («MZ», «BM»), so there a zero byte must follow.
        if any(data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]) for magic in stranger.magics):
            raise not_a_spreadsheet(stranger.russian)
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _XML_WORKBOOK in start or start.startswith(b"<?xml"):
        raise _exported_page("документ XML")
    if start.lower().startswith(b"mime-version:") or (start.startswith(b"<") and _WEB_PAGE.search(start)):
        raise _exported_page("веб-страница")
    return Kind.CSV


def _exported_page(what: str) -> SpreadsheetError:
    # Accounting systems hand out such files as «.xls»; Excel opens them, so the way out is short.
    return SpreadsheetError(
        Trouble.NOT_A_SPREADSHEET,
        f"Это не книга Excel: внутри файла {what}. Откройте файл в Excel, выберите «Сохранить как» → "
        "«Книга Excel (.xlsx)» и загрузите сохранённый файл.",
    )


def _recognise_ole(data: bytes) -> Kind:
    """Old Office files are little file systems; the names of the streams in them tell what they are."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        raise encrypted()
    # A stream's name ends with a zero: «Book Antiqua» among the fonts of a Word document is none.
    if has("Workbook") or has("Book\0"):
        if _xls_has_password(data):
            raise encrypted()
        return Kind.XLS
    for stream, what in (
        ("WordDocument", "документ Word"),
        ("PowerPoint Document", "презентация"),
        ("__properties_version1.0", "письмо Outlook"),
    ):
        if has(stream):
            raise not_a_spreadsheet(what)
    raise damaged()


def _xls_has_password(data: bytes) -> bool:
    """Whether FILEPASS stands among the first records; the native reader can't tell this from damage."""
    position = data.find(_BIFF8_GLOBALS)
    if position < 0:
        return False
    for _ in range(_FIRST_RECORDS):
        record, length = data[position : position + 2], data[position + 2 : position + 4]
        if record == _FILEPASS:
            return True
        position += 4 + int.from_bytes(length, "little")
    return False


def _recognise_zip(data: bytes, *, unpacked_limit: int) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise encrypted()
            if sum(member.file_size for member in members) > unpacked_limit:
                raise SpreadsheetError(
                    Trouble.TOO_BIG,
                    "Файл распаковывается в слишком большой объём данных. Скопируйте нужную таблицу "
                    "(только значения) в новую книгу и загрузите её.",
                )
            names = {member.filename.replace("\\", "/").lower() for member in members}
            mimetype = _small_member(archive, "mimetype").decode("ascii", "replace").strip()
            manifest = _small_member(archive, "META-INF/manifest.xml")
    except BROKEN_ZIP as error:
        raise damaged() from error
    if "xl/vbaproject.bin" in names:
        raise SpreadsheetError(
            Trouble.MACROS,
            "В книге есть макросы, такие файлы не принимаем. Откройте файл в Excel, выберите «Сохранить как» → "
            "«Книга Excel (.xlsx)», согласитесь сохранить без макросов и загрузите сохранённый файл.",
        )
    if mimetype == _ODF_SPREADSHEET and "content.xml" in names:
        if b"encryption-data" in manifest:
            raise encrypted()
        return Kind.ODS
    if any(_WORKBOOK_PART.fullmatch(name) for name in names):
        return Kind.XLSX
    raise _foreign_zip(names, mimetype)


def _foreign_zip(names: set[str], mimetype: str) -> SpreadsheetError:
    for name, what in (
        ("word/document.xml", "документ Word"),
        ("ppt/presentation.xml", "презентация"),
        ("xl/workbook.bin", "двоичная книга Excel (.xlsb)"),
    ):
        if name in names:
            return not_a_spreadsheet(what)
    if "[content_types].xml" in names or mimetype == _ODF_SPREADSHEET:
        return damaged()
    if mimetype.startswith("application/vnd.oasis.opendocument."):
        return not_a_spreadsheet("документ OpenDocument")
    return not_a_spreadsheet("архив ZIP")


def _small_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a member, or nothing where there is no such member."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(_SMALL_MEMBER)
