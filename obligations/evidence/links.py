"""Links as evidence: one a line, an address and, if wished, its title after a space."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

MAX_URL = 1000
MAX_TITLE = 255

_is_address = URLValidator(schemes=["http", "https"])


class LinksRefused(Exception):
    """Lines that are no links; ``errors`` says for each what is wrong."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(" ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Link:
    """An address on the web and what to call it."""

    url: str
    title: str


def read_links(text: str) -> list[Link]:
    """Read links, one a line: «https://school.example/prikaz Приказ на сайте». Raises LinksRefused with all errors."""
    links: dict[str, Link] = {}
    errors = []
    for number, line in enumerate(text.splitlines(), start=1):
        url, _, title = line.strip().partition(" ")
        if not url:
            continue
        if error := _fault(url):
            errors.append(f"Строка {number} («{url[:60]}»): {error}")
            continue
        links.setdefault(url, Link(url, title.strip()[:MAX_TITLE] or _short(url)))
    if errors:
        raise LinksRefused(errors)
    return list(links.values())


def _fault(url: str) -> str:
    """Say what is wrong with an address, or nothing."""
    if len(url) > MAX_URL:
        return f"адрес длиннее {MAX_URL} знаков."
    try:
        _is_address(url)
    except (ValidationError, ValueError):
        return "адрес должен начинаться с http:// или https:// и указывать на сайт."
    parts = urlsplit(url)
    if parts.username or parts.password:
        return "в адресе не должно быть имени пользователя и пароля."
    return ""


def _short(url: str) -> str:
    """Name a link by its site and path."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/")[:MAX_TITLE]
