"""What may be handed in: kinds, contents, names, photos, links; all that is wrong is said at once."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from obligations.evidence import (
    Accepted,
    EvidenceRefused,
    LinksRefused,
    accept_file,
    accept_files,
    checks,
    content_type_of,
    photos,
    read_links,
)
from obligations.evidence.intake import clean_title
from obligations.evidence.kinds import KINDS
from tests.obligations import samples
from tests.obligations.samples import upload

LIMIT = 20 * 1024 * 1024


def take(name: str, content: bytes) -> Accepted:
    return accept_file(upload(name, content), max_bytes=LIMIT)


GOOD = {
    "pdf": samples.PDF,
    "docx": samples.docx(),
    "doc": samples.ole("Root Entry", "WordDocument"),
    "odt": samples.opendocument("text"),
    "xlsx": samples.xlsx(),
    "xls": samples.ole("Root Entry", "Workbook"),
    "ods": samples.opendocument("spreadsheet"),
    "pptx": samples.pptx(),
    "ppt": samples.ole("Root Entry", "PowerPoint Document"),
    "jpg": samples.photo(),
    "jpeg": samples.photo(),
    "png": samples.photo(form="PNG"),
}


def test_every_allowed_kind_has_its_sample() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("extension", GOOD)
def test_each_allowed_kind_is_taken(extension: str) -> None:
    accepted = take(f"Приказ № 5.{extension.upper()}", GOOD[extension])
    content = accepted.content.read()
    assert (accepted.title, accepted.extension) == (f"Приказ № 5.{extension}", extension)
    assert accepted.size == len(content)
    assert accepted.checksum == hashlib.sha256(content).hexdigest()
    assert content_type_of(accepted.title).count("/") == 1


@pytest.mark.parametrize("extension", GOOD)
@pytest.mark.parametrize("content", [samples.EXE, b"\0", b"<html>", samples.package({"a.txt": b"a"})])
def test_nothing_else_passes_under_its_name(extension: str, content: bytes) -> None:
    with pytest.raises(EvidenceRefused, match="не соответствует расширению"):
        take(f"Приказ.{extension}", content)


def test_each_kind_is_told_from_the_others() -> None:
    """A spreadsheet renamed to a document is not what it says, even within one family."""
    alike = {"jpg", "jpeg"}
    for extension in GOOD:
        for other, content in GOOD.items():
            if extension == other or {extension, other} == alike:
                continue
            with pytest.raises(EvidenceRefused):
                take(f"Приказ.{extension}", content)


@pytest.mark.parametrize("name", ["virus.exe", "архив.zip", "список.txt", "макрос.docm", "страница.html", "схема.svg"])
def test_other_kinds_are_refused_by_name_with_a_list_of_what_is_taken(name: str) -> None:
    with pytest.raises(EvidenceRefused, match=rf"файлы \.{name.rpartition('.')[2]} не принимаются.*pdf"):
        take(name, samples.PDF)


def test_a_file_without_extension_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="нет расширения"):
        take("Приказ", samples.PDF)


def test_a_renamed_program_is_told_apart() -> None:
    with pytest.raises(EvidenceRefused, match=r"похоже на \.(exe|com|dll)"):
        take("Приказ.pdf", samples.EXE)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="файл пуст"):
        take("Приказ.pdf", b"")


def test_a_file_past_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(EvidenceRefused, match=r"размер 2.МБ больше допустимых 1.МБ"):
        accept_file(upload("Приказ.pdf", samples.PDF + b" " * 2 * 1024 * 1024), max_bytes=1024 * 1024)


def test_a_pdf_that_breaks_off_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="обрывается"):
        take("Приказ.pdf", samples.PDF.partition(b"trailer")[0] + b" " * 5000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Приказ.docx", samples.docx({"word/vbaProject.bin": b"macro"})),
        ("Приказ.docx", samples.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("Приказ.odt", samples.opendocument("text", {"Basic/Standard/Module1.xml": b"<script/>"})),
        ("Приказ.odt", samples.opendocument("text", {"Scripts/python/run.py": b"import os"})),
        ("Приказ.doc", samples.ole("WordDocument", "Macros", "_VBA_PROJECT")),
    ],
)
def test_macros_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(EvidenceRefused, match="макросы"):
        take(name, content)


def test_an_empty_library_of_macros_is_no_macro() -> None:
    extra = {"Basic/script-lc.xml": b"<l/>", "Basic/Standard/script-lb.xml": b"<l/>"}
    assert take("Приказ.odt", samples.opendocument("text", extra)).extension == "odt"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MAX_UNPACKED_BYTES", 1024 * 1024)
    bomb = samples.docx({"word/media/zeros": b"\0" * (2 * 1024 * 1024)})
    assert len(bomb) < 10_000
    with pytest.raises(EvidenceRefused, match="слишком велик в распакованном виде"):
        take("Приказ.docx", bomb)


def test_a_bomb_that_lies_about_its_size_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MAX_UNPACKED_BYTES", 1024 * 1024)
    size = 2 * 1024 * 1024
    bomb = samples.docx({"word/media/zeros": b"\0" * size})
    lying = bomb.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(EvidenceRefused, match="повреждён"):
        take("Приказ.docx", lying)


def test_a_damaged_document_is_refused() -> None:
    content = bytearray(samples.docx({"word/media/image": bytes(range(256)) * 40}))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        start = archive.getinfo("word/media/image").header_offset + 60
    content[start : start + 20] = b"\xff" * 20
    with pytest.raises(EvidenceRefused, match="повреждён"):
        take("Приказ.docx", bytes(content))


@pytest.mark.parametrize("extension", ["docx", "xlsx", "pptx", "odt", "ods"])
def test_a_document_that_breaks_off_is_damaged_and_not_another_kind(extension: str) -> None:
    content = GOOD[extension]
    with pytest.raises(EvidenceRefused, match="повреждён"):
        take(f"Приказ.{extension}", content[: len(content) - 30])


def test_an_office_document_encrypted_whole_says_so() -> None:
    with pytest.raises(EvidenceRefused, match="защищён паролем"):
        take("Приказ.docx", samples.ole("EncryptionInfo", "EncryptedPackage"))


def test_a_document_under_a_password_says_so() -> None:
    content = bytearray(samples.docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(signature, place + 1)) >= 0:
            content[place + offset] |= 1
    with pytest.raises(EvidenceRefused, match="паролем"):
        take("Приказ.docx", bytes(content))


@settings(max_examples=60, deadline=None)
@given(extension=st.sampled_from(sorted(KINDS)), content=st.binary(max_size=400), cut=st.booleans())
def test_whatever_comes_it_is_taken_or_refused(extension: str, content: bytes, *, cut: bool) -> None:
    """Garbage, or a good file with garbage in the middle: an answer for the person, never a crash."""
    if cut:
        good = GOOD[extension]
        content = good[: len(good) // 2] + content + good[len(good) // 2 + len(content) :]
    accepted, errors = accept_files([upload(f"Файл.{extension}", content)], max_bytes=LIMIT)
    assert len(accepted) + len(errors) == 1
    assert all(error.startswith("«Файл.") and error.endswith(".") for error in errors)


# --- photos -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "form"), [("Фото.jpg", "JPEG"), ("Фото.png", "PNG")])
def test_a_photo_loses_where_and_with_what_it_was_taken(name: str, form: str) -> None:
    taken = samples.photo(form=form)
    assert b"Phone of Elena" in taken
    accepted = take(name, taken)
    content = accepted.content.read()
    assert b"Phone of Elena" not in content
    assert b"made at home" not in content
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == form
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(0x8825)
        assert not {"exif", "comment", "xmp", "XML:com.adobe.xmp"} & set(picture.info)


def test_a_photo_held_sideways_is_turned_upright() -> None:
    accepted = take("Фото.jpg", samples.photo(orientation=6, size=(40, 20)))
    with Image.open(accepted.content) as picture:
        assert picture.size == (20, 40)
        red, green, _ = picture.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
        assert (red, green) > (200, 0)
        assert green < 60


def test_a_transparent_drawing_stays_transparent() -> None:
    target = BytesIO()
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).save(target, "PNG")
    with Image.open(take("Схема.png", target.getvalue()).content) as picture:
        assert picture.getpixel((1, 1)) == (10, 20, 30, 0)


def test_a_picture_that_would_eat_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS", 500)
    with pytest.raises(EvidenceRefused, match="разрешение"):
        take("Фото.jpg", samples.photo(size=(40, 20)))


def test_pillows_own_bound_speaks_russian_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(EvidenceRefused, match="разрешение"):
        take("Фото.jpg", samples.photo(size=(40, 20)))


@pytest.mark.parametrize("someone_is_lenient", [False, True], ids=["strict", "after-a-pdf"])
def test_half_a_photo_is_refused(someone_is_lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # WeasyPrint turns this switch of the whole process on when it is imported.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", someone_is_lenient)
    whole = samples.photo(size=(400, 400))
    with pytest.raises(EvidenceRefused, match="повреждено"):
        take("Фото.jpg", whole[: len(whole) * 2 // 3])


# --- names ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_name", "title"),
    [
        ("Приказ № 5.PDF", "Приказ № 5.pdf"),
        (r"C:\Users\Elena\Приказ.pdf", "Приказ.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("отчет\u202efdp.exe", "отчетfdp.exe"),
        ("стро\nка\t два.pdf", "стро ка два.pdf"),
        ('а"б<в>|г:д*е?.pdf', "а_б_в__г_д_е_.pdf"),
        (".pdf", "файл.pdf"),
        ("", "файл"),
        ("и\u0306.pdf", "й.pdf"),
    ],
)
def test_names_are_made_fit_to_be_shown_and_sent(given_name: str, title: str) -> None:
    assert clean_title(given_name) == title


@given(st.text(max_size=400))
def test_no_name_is_too_long_or_leads_anywhere(name: str) -> None:
    title = clean_title(name)
    assert 0 < len(title) <= 255
    assert not set(title) & set('/\\\n\r\t\0"')
    assert Path(title).name == title


# --- several at once --------------------------------------------------------------------------
def test_all_that_is_wrong_with_several_files_is_said_by_name() -> None:
    accepted, errors = accept_files(
        [
            upload("Приказ.pdf"),
            upload("virus.exe", samples.EXE),
            upload("Пустой.docx", b""),
            upload("Копия приказа.pdf"),
        ],
        max_bytes=LIMIT,
    )
    assert [file.title for file in accepted] == ["Приказ.pdf"]
    assert [error.partition(":")[0] for error in errors] == ["«virus.exe»", "«Пустой.docx»", "«Копия приказа.pdf»"]
    assert "выбран дважды" in errors[2]


# --- links ------------------------------------------------------------------------------------
def test_links_are_read_one_a_line_with_or_without_a_title() -> None:
    links = read_links(
        "https://school.example/prikaz Приказ на сайте\r\n\n http://vk.example/wall-1/ \nhttps://school.example/prikaz"
    )
    assert [(link.url, link.title) for link in links] == [
        ("https://school.example/prikaz", "Приказ на сайте"),
        ("http://vk.example/wall-1/", "vk.example/wall-1"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "ftp://school.example/a",
        "school.example/a",
        "data:text/html,hi",
        "https://",
        "https://elena:secret@school.example/",
        "http://[",
        "https://school.example/" + "a" * 1000,
    ],
)
def test_what_is_no_address_of_a_page_is_refused(line: str) -> None:
    with pytest.raises(LinksRefused, match="Строка 2"):
        read_links(f"https://school.example/\n{line}\n")


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(LinksRefused) as refusal:
        read_links("раз\nhttps://school.example/\nдва")
    assert [error[:8] for error in refusal.value.errors] == ["Строка 1", "Строка 3"]
