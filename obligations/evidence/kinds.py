"""The kinds of files that may serve as evidence, by extension."""

from dataclasses import dataclass
from enum import StrEnum


class EvidenceRefused(Exception):
    """The file cannot be taken; the message is for the person who chose it."""


class Family(StrEnum):
    """How a file is built inside, and so how it is looked at."""

    PDF = "pdf"
    OOXML = "ooxml"
    ODF = "odf"
    OLE = "ole"
    IMAGE = "image"


@dataclass(frozen=True)
class Kind:
    """One allowed kind: its extension, what it is built of and what must be found inside.

    ``marker`` is, for Office Open XML, the content type of the main part; for OpenDocument, the type
    in the package; for the old binary formats, the names of their main stream; for images, the
    formats that Pillow may find.
    """

    extension: str
    family: Family
    content_type: str
    marker: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


def _ooxml(extension: str, name: str) -> Kind:
    return Kind(extension, Family.OOXML, _OOXML + name, (f"{_OOXML}{name}.main+xml",))


def _odf(extension: str, name: str) -> Kind:
    return Kind(extension, Family.ODF, _ODF + name, (_ODF + name,))


KINDS: dict[str, Kind] = {
    kind.extension: kind
    for kind in (
        Kind("pdf", Family.PDF, "application/pdf"),
        _ooxml("docx", "wordprocessingml.document"),
        Kind("doc", Family.OLE, "application/msword", ("WordDocument",)),
        _odf("odt", "text"),
        _ooxml("xlsx", "spreadsheetml.sheet"),
        Kind("xls", Family.OLE, "application/vnd.ms-excel", ("Workbook", "Book")),
        _odf("ods", "spreadsheet"),
        _ooxml("pptx", "presentationml.presentation"),
        Kind("ppt", Family.OLE, "application/vnd.ms-powerpoint", ("PowerPoint Document",)),
        Kind("jpg", Family.IMAGE, "image/jpeg", ("JPEG",)),
        Kind("jpeg", Family.IMAGE, "image/jpeg", ("JPEG",)),
        Kind("png", Family.IMAGE, "image/png", ("PNG",)),
    )
}

ALLOWED = "pdf, doc(x), odt, xls(x), ods, ppt(x), jpg, png"
ACCEPT_ATTRIBUTE = ",".join(f".{extension}" for extension in KINDS)


def kind_of(name: str) -> Kind:
    """Return the kind that the name's extension promises; raises EvidenceRefused for one not allowed."""
    _, dot, extension = name.rpartition(".")
    if not dot:
        raise EvidenceRefused(f"у файла нет расширения. Принимаются: {ALLOWED}.")
    kind = KINDS.get(extension.lower())
    if kind is None:
        raise EvidenceRefused(f"файлы .{extension.lower()} не принимаются. Можно приложить: {ALLOWED}.")
    return kind


def content_type_of(name: str) -> str:
    """Return the type to send a stored file with."""
    kind = KINDS.get(name.rpartition(".")[2].lower())
    return kind.content_type if kind else "application/octet-stream"
