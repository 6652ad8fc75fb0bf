"""Taking uploaded files in: name, size, kind, content; all errors of several files at once."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile

from accounts.russian import file_size
from obligations.evidence.checks import check_content
from obligations.evidence.kinds import EvidenceRefused, Family, kind_of
from obligations.evidence.photos import clean_photo

MAX_TITLE = 255


@dataclass(frozen=True)
class Accepted:
    """A file that passed: its title for people, its extension, content, size in bytes and SHA-256."""

    title: str
    extension: str
    content: "File[bytes]"
    size: int
    checksum: str


def accept_files(uploads: "Sequence[UploadedFile[bytes]]", *, max_bytes: int) -> tuple[list[Accepted], list[str]]:
    """Look at every file and return those that passed and, by file name, what is wrong with the others."""
    accepted: list[Accepted] = []
    errors: list[str] = []
    for upload in uploads:
        title = clean_title(upload.name or "")
        try:
            file = accept_file(upload, max_bytes=max_bytes)
        except EvidenceRefused as refusal:
            errors.append(f"«{title}»: {refusal}")
            continue
        if any(other.checksum == file.checksum for other in accepted):
            errors.append(f"«{title}»: этот файл выбран дважды.")
            continue
        accepted.append(file)
    return accepted, errors


def accept_file(upload: "UploadedFile[bytes]", *, max_bytes: int) -> Accepted:
    """Look at one file; raises EvidenceRefused with the reason, to be put after the file's name."""
    title = clean_title(upload.name or "")
    kind = kind_of(title)
    size = upload.size or 0
    if not size:
        raise EvidenceRefused("файл пуст.")
    if size > max_bytes:
        raise EvidenceRefused(
            f"размер {file_size(size)} больше допустимых {file_size(max_bytes)}. "
            "Сожмите файл или приложите ссылку на него."
        )
    # Django's File lends the methods of the file it wraps.
    content = cast("BinaryIO", upload)
    if kind.family == Family.IMAGE:
        data = clean_photo(content, kind)
        return Accepted(title, kind.extension, ContentFile(data), len(data), hashlib.sha256(data).hexdigest())
    check_content(content, kind)
    return Accepted(title, kind.extension, upload, size, _checksum(upload))


def clean_title(name: str) -> str:
    """Return the file's name fit to be shown and sent: no path, no control or direction marks, at most 255 long.

    Marks that turn the direction of writing are how «exe» is made to look like «pdf».
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    # A line break is a space gone astray; other controls and invisible formatting just go.
    name = re.sub(r"\s+", " ", name)
    name = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = re.sub(r'["<>|:*?]', "_", name).strip().rstrip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:MAX_TITLE] or "файл"
    extension = extension.strip().lower()
    return f"{stem.strip(' .')[: MAX_TITLE - len(extension) - 1] or 'файл'}.{extension}"[-MAX_TITLE:]


def _checksum(upload: "UploadedFile[bytes]") -> str:
    """Return the SHA-256 of the whole file and leave it at its beginning."""
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
