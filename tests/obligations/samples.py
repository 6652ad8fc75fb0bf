"""Files that people hand in: good ones, and the kinds of bad ones that come along."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\0" * 2000


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(text: str = "") -> bytes:
    """A PDF of its own: another text makes another checksum."""
    return PDF + f"% {text}\n%%EOF\n".encode()


def package(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(extra: dict[str, bytes] | None = None, *, main: str = f"{OOXML}wordprocessingml.document.main+xml") -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return package({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w/>", **(extra or {})})


def pptx() -> bytes:
    return docx(main=f"{OOXML}presentationml.presentation.main+xml")


def xlsx() -> bytes:
    target = BytesIO()
    book = Workbook()
    book.create_sheet("Школы")["A1"] = "Школа"
    book.save(target)
    return target.getvalue()


def opendocument(kind: str = "text", extra: dict[str, bytes] | None = None) -> bytes:
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": b"<office:document-content/>",
            **(extra or {}),
        },
        zipfile.ZIP_STORED,
    )


def ole(*streams: str) -> bytes:
    """An old Office file as far as anybody here looks: its signature and the names of its streams."""
    directory = b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in streams)
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + directory + b"\0" * 2048


def photo(*, orientation: int = 1, size: tuple[int, int] = (40, 20), form: str = "JPEG") -> bytes:
    """A phone's photo: taken somewhere, by somebody's phone, perhaps held sideways."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone of Elena"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 43.0, 0.0), 3: "E", 4: (41.0, 27.0, 0.0)})
    target = BytesIO()
    picture.save(target, form, exif=exif, comment=b"made at home") if form == "JPEG" else picture.save(
        target, form, exif=exif
    )
    return target.getvalue()
