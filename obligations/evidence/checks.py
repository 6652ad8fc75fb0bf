"""Looking inside a file: is it what its extension promises, and is it safe to hand on?

Nothing is believed: every container is really opened, within bounds on what it unpacks to.
"""

import re
import zipfile
import zlib
from typing import BinaryIO

import puremagic

from obligations.evidence.kinds import EvidenceRefused, Family, Kind

# An office file unpacks to a few times its size. What unpacks to more than this is a bomb.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PARTS = 10_000
MAX_CONTENT_TYPES_BYTES = 2 * 1024 * 1024

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_HEADER = b"PK\x03\x04"
_MACROS_IN_OOXML = re.compile(r"(^|/)(vbaproject\.bin$|macrosheets/)", re.IGNORECASE)
_MACROS_IN_ODF = re.compile(r"^(Basic/[^/]+/(?!script-l[bc]\.xml$)[^/]+\.xml|Scripts/.+[^/])$", re.IGNORECASE)
_BROKEN = "файл повреждён и не открывается. Сохраните его заново."
_ENCRYPTED = "файл защищён паролем. Снимите защиту и приложите ещё раз."
_MACROS_REFUSED = "в файле есть макросы. Сохраните его без макросов и приложите ещё раз."


def check_content(content: BinaryIO, kind: Kind) -> None:
    """Check a document (not an image) against its kind; raises EvidenceRefused.

    Leaves the position of ``content`` anywhere.
    """
    match kind.family:
        case Family.PDF:
            _check_pdf(content, kind)
        case Family.OOXML:
            _check_ooxml(content, kind)
        case Family.ODF:
            _check_odf(content, kind)
        case Family.OLE:
            _check_ole(content, kind)


def mismatch(content: BinaryIO, kind: Kind) -> EvidenceRefused:
    """Return the refusal of a file that is not what its extension says, naming what it seems to be."""
    content.seek(0)
    head = content.read(8192)
    try:
        found = puremagic.from_string(head).lower()
    except (puremagic.PureError, ValueError):
        found = ""
    seems = f" (похоже на {found})" if found and found != f".{kind.extension}" else ""
    return EvidenceRefused(
        f"содержимое не соответствует расширению .{kind.extension}{seems}. "
        "Откройте файл в своей программе, сохраните в нужном формате и приложите ещё раз."
    )


def _check_pdf(content: BinaryIO, kind: Kind) -> None:
    content.seek(0)
    if b"%PDF-" not in content.read(1024):
        raise mismatch(content, kind)
    size = content.seek(0, 2)
    content.seek(max(0, size - 4096))
    if b"%%EOF" not in content.read():
        raise EvidenceRefused("файл PDF обрывается на середине. Сохраните или отсканируйте его заново.")


def _check_ooxml(content: BinaryIO, kind: Kind) -> None:
    with _opened(content, kind) as package:
        names = set(package.namelist())
        if "[Content_Types].xml" not in names:
            raise mismatch(content, kind)
        if package.getinfo("[Content_Types].xml").file_size > MAX_CONTENT_TYPES_BYTES:
            raise EvidenceRefused("файл устроен необычно, открыть его нельзя.")
        types = package.read("[Content_Types].xml").decode("utf-8", "replace")
        if any(_MACROS_IN_OOXML.search(name) for name in names) or "macroEnabled" in types:
            raise EvidenceRefused(_MACROS_REFUSED)
        if not any(f'"{marker}"' in types.replace("'", '"') for marker in kind.marker):
            raise mismatch(content, kind)


def _check_odf(content: BinaryIO, kind: Kind) -> None:
    with _opened(content, kind) as package:
        names = set(package.namelist())
        if "mimetype" not in names or "content.xml" not in names or package.getinfo("mimetype").file_size > 200:
            raise mismatch(content, kind)
        if package.read("mimetype").decode("ascii", "replace").strip() not in kind.marker:
            raise mismatch(content, kind)
        if any(_MACROS_IN_ODF.match(name) for name in names):
            raise EvidenceRefused(_MACROS_REFUSED)


def _check_ole(content: BinaryIO, kind: Kind) -> None:
    content.seek(0)
    data = content.read()
    if not data.startswith(_OLE_HEADER) or len(data) < 1536:
        raise mismatch(content, kind)
    if not any(name.encode("utf-16-le") + b"\0\0" in data for name in kind.marker):
        raise mismatch(content, kind)
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise EvidenceRefused(_MACROS_REFUSED)


def _opened(content: BinaryIO, kind: Kind) -> zipfile.ZipFile:
    """Open a package and read all of it once; raises EvidenceRefused for a broken or a swollen one."""
    content.seek(0)
    if not zipfile.is_zipfile(content):
        content.seek(0)
        head = content.read()
        if head.startswith(_ZIP_HEADER):
            # It begins like a package and has no end: the download or the copy broke off.
            raise EvidenceRefused(_BROKEN)
        if head.startswith(_OLE_HEADER) and "EncryptedPackage".encode("utf-16-le") in head:
            raise EvidenceRefused(_ENCRYPTED)
        raise mismatch(content, kind)
    try:
        package = zipfile.ZipFile(content)
        parts = package.infolist()
        # zipfile never unpacks past the size that the directory declares, so the declared sum bounds it.
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise EvidenceRefused("файл слишком велик в распакованном виде. Уменьшите его и приложите ещё раз.")
        if any(part.flag_bits & 0x1 for part in parts):
            raise EvidenceRefused(_ENCRYPTED)
        broken = package.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise EvidenceRefused(_BROKEN) from error
    if broken:
        raise EvidenceRefused(_BROKEN)
    return package
