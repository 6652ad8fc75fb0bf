"""The mail folder of an embedded installation, and the page that shows it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from obligations.chasing.sending import chase
from obligations.mail import FolderBackend, letter_name, read_letter, read_letters, write_letter
from obligations.models import Obligation
from tests.accounts.stories import invited
from tests.conftest import NOW
from tests.factories import person

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def folder(settings: LazySettings) -> Path:
    """The installation mails into its folder."""
    settings.EMAIL_BACKEND = "obligations.mail.FolderBackend"
    settings.MAIL_IS_EMBEDDED = True
    return Path(settings.MAIL_DIR)


def post(to: str, subject: str = "Просрочено", body: str = "Здравствуйте!", message_id: str = "", age: int = 0) -> str:
    """Send a letter that is so many seconds old; return its name."""
    message_id = message_id or f"<{letter_name(subject + to)}@localhost>"
    EmailMessage(subject, body, to=[to], headers={"Message-ID": message_id}).send()
    path = Path(django_settings.MAIL_DIR) / f"{letter_name(message_id)}.eml"
    os.utime(path, ns=(1_700_000_000_000_000_000 - age * 10**9,) * 2)
    return path.stem


# --- the folder ----------------------------------------------------------------------------------


def test_a_letter_is_one_file_and_nothing_else(folder: Path) -> None:
    assert send_mail("Тема", "Текст", None, ["elena@example.test"]) == 1
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"


def test_a_letter_sent_again_replaces_itself(folder: Path) -> None:
    for body in ("первый", "второй"):
        post("elena@example.test", body=body, message_id="<digest-68-2023-10-16-1@localhost>")
    (path,) = folder.iterdir()
    assert path.name.startswith("digest-68-2023-10-16-1-localhost-")
    content = read_letter(path.stem)
    assert content is not None
    assert content.text == "второй"


def test_a_letter_that_cannot_be_written_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(self: Path, target: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", disk_full)
        with pytest.raises(OSError, match="No space"):
            post("elena@example.test")
        assert FolderBackend(fail_silently=True).send_messages([EmailMessage("Тема", to=["a@example.test"])]) == 0
    assert list(folder.iterdir()) == []


def test_a_letter_to_nobody_is_not_written(folder: Path) -> None:
    assert EmailMessage("Тема", "Текст", to=[]).send() == 0
    assert FolderBackend().send_messages([EmailMessage("Тема", "Текст", to=[])]) == 0
    assert not folder.exists()


def test_letters_are_read_back_as_they_were_written() -> None:
    message = EmailMultiAlternatives(
        "Профминимум: просрочено 3\u00a0поручения", "Здравствуйте, Елена!\n\n• 3.2 «Приказ»", to=["Elena@Example.test"]
    )
    message.attach_alternative("<p>Здравствуйте</p>", "text/html")
    message.send()
    (letter,) = read_letters({"elena@example.test"})
    assert letter.subject == "Профминимум: просрочено 3\u00a0поручения"
    assert letter.recipients == ("elena@example.test",)
    content = read_letter(letter.name, {"elena@example.test"})
    assert content is not None
    assert content.text == "Здравствуйте, Елена!\n\n• 3.2 «Приказ»"
    assert content.html == "<p>Здравствуйте</p>"
    assert dict(content.headers)["Кому"] == "Elena@Example.test"


def test_letters_come_newest_first_and_only_to_whom_they_are_addressed() -> None:
    post("elena@example.test", "старое", age=60)
    post("elena@example.test", "новое", age=5)
    post("ivan@example.test", "чужое", age=10)
    assert [letter.subject for letter in read_letters()] == ["новое", "чужое", "старое"]
    assert [letter.subject for letter in read_letters({"elena@example.test"})] == ["новое", "старое"]
    assert read_letters(set()) == []


def test_a_file_that_is_no_letter_breaks_nothing(folder: Path) -> None:
    write_letter("<damaged>", b"\xff\xfe\x00 not a letter")
    (letter,) = read_letters()
    assert letter.subject == "(без темы)"
    assert read_letter(letter.name) is not None


def test_before_the_first_letter_there_is_no_folder_and_no_error(folder: Path) -> None:
    assert read_letters() == []
    assert read_letter("digest") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_names_are_safe_and_tell_letters_apart(one: str, other: str) -> None:
    name = letter_name(one)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(name) < 100
    assert (letter_name(other) == name) == (one == other)


def test_a_digest_arrives_in_the_folder_once(elena: User, obligation: Obligation, region: Region, folder: Path) -> None:
    for _ in range(2):
        chase(region=region, today=obligation.due_on, clock=lambda: NOW)
    (letter,) = read_letters({"elena@example.test"})
    assert letter.subject.replace("\u00a0", " ") == "Профминимум: подходит срок 1 поручения"


# --- the page ------------------------------------------------------------------------------------


def test_elena_reads_her_letters_and_nobody_elses(elena: User, ivan: User, sign_in: SignIn) -> None:
    mine = post("elena@example.test", "Вам напоминание", "Смотрите http://127.0.0.1:8000/obligations/1/")
    strange = post("ivan@example.test", "Не вам")
    browser = sign_in(elena)
    page = browser.get(reverse("obligations:mail")).content.decode()
    assert "Вам напоминание" in page
    assert "Не вам" not in page
    letter = browser.get(reverse("obligations:mail_letter", args=[mine])).content.decode()
    assert '<a href="http://127.0.0.1:8000/obligations/1/"' in letter
    for_machines = letter[letter.index("<summary>Технические сведения</summary>") :]
    assert letter.count("Номер письма") == for_machines.count("Номер письма") == 1
    assert browser.get(reverse("obligations:mail_letter", args=[strange])).status_code == 404
    assert browser.get(reverse("obligations:mail_letter", args=["no-such-letter"])).status_code == 404


def test_an_administrator_reads_the_letters_of_the_region(
    zoya: User, elena: User, viktor: User, sign_in: SignIn
) -> None:
    post("elena@example.test", "В Бондарской")
    strange = post("viktor@example.test", "В Липецк")
    browser = sign_in(zoya)
    page = browser.get(reverse("obligations:mail")).content.decode()
    assert "В Бондарской" in page
    assert "В Липецк" not in page
    assert browser.get(reverse("obligations:mail_letter", args=[strange])).status_code == 404


def test_an_administrator_sees_the_letter_of_one_who_is_only_invited(
    zoya: User, anna: User, bondarskaya: Organization, sign_in: SignIn
) -> None:
    """Without a mail server the link of an invitation is found nowhere else."""
    invited(bondarskaya, by=zoya, now=NOW, email="new@example.test")
    post("new@example.test", "Приглашение в школу")
    assert "Приглашение в школу" in sign_in(zoya).get(reverse("obligations:mail")).content.decode()
    assert "Приглашение в школу" not in sign_in(anna).get(reverse("obligations:mail")).content.decode()


def test_a_superuser_reads_everything(elena: User, viktor: User, sign_in: SignIn) -> None:
    post("elena@example.test", "В Бондарской")
    post("viktor@example.test", "В Липецк")
    page = sign_in(User.objects.create_superuser("root@example.test")).get(reverse("obligations:mail"))
    assert "В Бондарской" in page.content.decode()
    assert "В Липецк" in page.content.decode()


def test_ministry_staff_are_no_administrators_of_others_mail(anna: User, elena: User, sign_in: SignIn) -> None:
    post("elena@example.test", "В Бондарской")
    assert "Писем пока нет" in sign_in(anna).get(reverse("obligations:mail")).content.decode()


def test_what_a_letter_contains_stays_text(elena: User, sign_in: SignIn) -> None:
    message = EmailMultiAlternatives("<b>Тема</b>", "<script>alert(1)</script>", to=[elena.email])
    message.attach_alternative('<img src="x" onerror="alert(2)">', "text/html")
    message.send()
    (letter,) = read_letters()
    page = sign_in(elena).get(reverse("obligations:mail_letter", args=[letter.name])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '<img src="x"' not in page
    assert "<b>Тема" not in page


def test_where_mail_goes_over_smtp_there_is_no_such_page(elena: User, sign_in: SignIn, settings: LazySettings) -> None:
    name = post("elena@example.test")
    settings.MAIL_IS_EMBEDDED = False
    browser = sign_in(elena)
    assert browser.get(reverse("obligations:mail")).status_code == 404
    assert browser.get(reverse("obligations:mail_letter", args=[name])).status_code == 404


def test_the_page_is_for_people_who_signed_in(client: Client, db: None) -> None:
    assert client.get(reverse("obligations:mail")).status_code == 302


def test_nothing_is_written_by_post(elena: User, sign_in: SignIn) -> None:
    assert sign_in(elena).post(reverse("obligations:mail")).status_code == 405


@pytest.mark.parametrize("letters", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    letters: int, zoya: User, ministry: Organization, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(letters):
        person(f"somebody{number}", "ministry", ministry)
        post(f"somebody{number}@example.test")
    browser = sign_in(zoya)
    # Session, user, memberships, people of the region, those invited there.
    with django_assert_num_queries(6):
        page = browser.get(reverse("obligations:mail")).content.decode()
    assert page.count("@example.test</td>") == letters


def test_a_long_list_is_cut_into_pages(elena: User, sign_in: SignIn) -> None:
    for number in range(26):
        post("elena@example.test", f"Письмо {number:02}", age=number)
    browser = sign_in(elena)
    assert "Письмо 25" not in browser.get(reverse("obligations:mail")).content.decode()
    assert "Письмо 25" in browser.get(reverse("obligations:mail"), {"page": 2}).content.decode()
