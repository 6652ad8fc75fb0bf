"""Coming by invitation and confirming the sign-in with a security key: real browser, real letter, real signatures."""

import mailbox
import re
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from accounts.reference import load_region
from tests import factories
from tests.accounts.stories import GOOD_PASSWORD
from tests.e2e.axe import violations
from tests.e2e.conftest import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Enter = Callable[[str], Page]


def text_of(letter: Message) -> str:
    """The plain text of a letter as its reader sees it."""
    [part] = [part for part in letter.walk() if part.get_content_type() == "text/plain"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def link_to(folder: Path, email: str, page: Page) -> str:
    """Wait for the letter that a worker sends to the address, and find the invitation's link in it."""
    for _ in range(300):
        letters = (
            [letter for letter in mailbox.Maildir(str(folder)) if letter["To"] == email] if folder.exists() else []
        )
        if letters:
            [link] = re.findall(r"http\S+/invitation/\S+", text_of(letters[-1]))
            return str(link)
        page.wait_for_timeout(200)
    pytest.fail(f"No letter to {email} came.")


def clean(page: Page) -> None:
    """The page is accessible and fits a phone."""
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_nina_is_invited_and_confirms_her_sign_in_with_a_key(
    enter: Enter, installation: Installation, settings: LazySettings
) -> None:
    directory = load_region()
    factories.person("zoya", "administrator", directory.ministry)
    school: Organization = factories.SchoolFactory(
        parent=directory.by_code["bondarskiy"], short_name="Школа Бондарская"
    )

    # Zoya invites; a worker sends the letter.
    zoya = enter("zoya@example.test")
    zoya.goto(f"{installation.url}/people/organizations/{school.pk}/")
    zoya.get_by_role("link", name="Пригласить").first.click()
    zoya.get_by_label("Электронная почта").fill("nina@example.test")
    zoya.get_by_label("Имя").fill("Нина")
    zoya.get_by_role("button", name="Отправить приглашение").click()
    expect(zoya.get_by_text("Приглашение отправляется")).to_be_visible()
    link = link_to(installation.mailbox, "nina@example.test", zoya)

    # Nina follows the link and is in.
    browser = zoya.context.browser
    assert browser is not None
    context = browser.new_context(locale="ru-RU")
    nina = context.new_page()
    refused: list[str] = []
    nina.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    nina.goto(link)
    clean(nina)
    nina.get_by_label("Фамилия").fill("Новая")
    nina.get_by_label("Должность").fill("Заместитель директора")
    nina.get_by_label("Придумайте пароль").fill(GOOD_PASSWORD)
    nina.get_by_label("Пароль ещё раз").fill(GOOD_PASSWORD)
    nina.get_by_label("Согласен").check()
    nina.get_by_role("button", name="Принять приглашение").click()
    expect(nina.get_by_text("Добро пожаловать!")).to_be_visible()
    assert User.objects.get(email="nina@example.test").memberships.get().organization == school

    confirm_by_key(nina, installation)
    assert refused == []
    context.close()


def confirm_by_key(nina: Page, installation: Installation) -> None:
    """Set a security key up, keep the recovery codes, sign in again with the key."""
    # A key that Chromium plays itself: real WebAuthn, real signatures.
    devices = nina.context.new_cdp_session(nina)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    nina.goto(f"{installation.url}/profile/second-factor/")
    clean(nina)
    nina.get_by_role("link", name="Добавить ключ").click()
    nina.get_by_label("Пароль").fill(GOOD_PASSWORD)
    clean(nina)
    nina.get_by_role("button", name="Продолжить").click()
    clean(nina)
    nina.get_by_role("button", name="Добавить ключ").click()
    expect(nina.get_by_role("heading", level=1, name="Резервные коды")).to_be_visible()
    assert nina.locator(".codes li").count() == 10
    clean(nina)
    with nina.expect_download() as kept:
        nina.get_by_role("link", name="Скачать файлом").click()
    assert len(Path(kept.value.path()).read_text(encoding="utf-8").split()) == 10
    nina.goto(f"{installation.url}/profile/second-factor/keys/")
    clean(nina)

    # The password alone is no longer enough; the key is.
    nina.get_by_role("button", name="Выйти").click()
    sign_in(nina)
    expect(nina.get_by_role("heading", level=1, name="Подтвердите вход")).to_be_visible()
    clean(nina)
    nina.get_by_role("button", name="Войти с ключом безопасности").click()
    expect(nina.get_by_role("button", name="Выйти")).to_be_visible()


def sign_in(page: Page) -> None:
    """Give Nina's address and password."""
    page.get_by_label("Электронная почта").fill("nina@example.test")
    page.get_by_label("Пароль").fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()


def test_pages_for_people_who_are_outside(enter: Enter, installation: Installation) -> None:
    """Signing in, a forgotten password, a link that is no good, an app with codes: clean and narrow."""
    ministry = load_region().ministry
    elena = factories.person("elena", "deputy", factories.SchoolFactory(parent=ministry))
    elena.memberships.create(organization=factories.SchoolFactory(parent=ministry), role="deputy")
    page = enter("elena@example.test")
    # Two organizations: the menu in the header opens without a script and fits a phone.
    page.locator(".switch summary").click()
    clean(page)
    page.get_by_role("button", name="Школа №").last.click()
    expect(page.get_by_text("Вы работаете за организацию")).to_be_visible()
    for path in ("/profile/", "/profile/second-factor/app/"):
        page.goto(installation.url + path)
        clean(page)
    page.get_by_label("Пароль").fill("profminimum-2023")
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_alt_text("QR-код")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Выйти").click()
    for path in ("/sign-in/", "/password/forgotten/", "/password/forgotten/sent/", "/invitation/nonsense/"):
        page.goto(installation.url + path)
        clean(page)
