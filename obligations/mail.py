"""Mail of an embedded installation: letters go into a folder, and a page shows them.

One file a letter, named after its Message-ID: a letter that is sent again replaces itself instead
of standing there twice.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesParser
from email.utils import getaddresses
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import Role

SUFFIX = ".eml"
# The headers that the page of a letter shows below its subject, and what it calls them.
SHOWN_HEADERS = {"From": "От кого", "To": "Кому", "Cc": "Копия"}


class FolderBackend(BaseEmailBackend):
    """Django mail backend that writes each message into ``settings.MAIL_DIR``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many; raises OSError unless told to fail silently."""
        written = 0
        for message in email_messages:
            # An address a mail server would refuse is refused here too, before anything is written.
            if not message.recipients():
                continue
            # Django makes up a new Message-ID each time it renders a message: render it once.
            rendered = message.message()
            try:
                write_letter(str(rendered["Message-ID"]), rendered.as_bytes())
            except OSError:
                if not self.fail_silently:
                    raise
            else:
                written += 1
        return written


def write_letter(message_id: str, content: bytes) -> Path:
    """Put a letter into the folder as a whole or not at all; return its path. Raises OSError."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{letter_name(message_id)}{SUFFIX}"
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def letter_name(message_id: str) -> str:
    """Name a letter after its Message-ID: readable, fit for a file and an address, never two alike."""
    readable = re.sub(r"[^a-z0-9]+", "-", message_id.lower()).strip("-")[:60].strip("-")
    return f"{readable}-{hashlib.sha256(message_id.encode()).hexdigest()[:12]}".lstrip("-")


@dataclass(frozen=True)
class Letter:
    """A letter of the folder as the list shows it."""

    name: str
    subject: str
    recipients: tuple[str, ...]
    sent_at: datetime


@dataclass(frozen=True)
class LetterContent:
    """A letter as its page shows it: headers under their Russian names, the text, the source of the HTML part."""

    letter: Letter
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    number: str
    """The Message-ID: for those who look after mail, not for those who read it."""


def addresses_visible_to(user: User) -> frozenset[str] | None:
    """Return the addresses whose letters the person may read; None stands for all of them.

    Their own; an administrator's region, with those who are only invited yet; a superuser, the whole installation.
    """
    if user.is_superuser:
        return None
    regions = {
        membership.organization.region_id
        for membership in user.active_memberships
        if membership.role == Role.ADMINISTRATOR
    }
    people = User.objects.filter(memberships__organization__region__in=regions) if regions else User.objects.none()
    invited = Invitation.objects.filter(organization__region__in=regions) if regions else Invitation.objects.none()
    known = (*people.values_list("email", flat=True), *invited.values_list("email", flat=True))
    return frozenset({user.email.lower(), *(email.lower() for email in known)})


def read_letters(addressed_to: Collection[str] | None = None) -> list[Letter]:
    """Return the letters of the folder, newest first.

    ``addressed_to`` (addresses in lower case) keeps those with one of them among the recipients;
    None keeps all.
    """
    wanted = None if addressed_to is None else set(addressed_to)
    letters = []
    for entry in _entries():
        try:
            stat = entry.stat()
            letter = _letter(entry.path, stat.st_mtime_ns)
        except FileNotFoundError:  # taken away since the folder was listed
            continue
        if wanted is None or wanted.intersection(letter.recipients):
            letters.append(letter)
    return sorted(letters, key=lambda letter: (letter.sent_at, letter.name), reverse=True)


def read_letter(name: str, addressed_to: Collection[str] | None = None) -> LetterContent | None:
    """Return one letter in full; None when there is no such letter among those ``addressed_to``."""
    for letter in read_letters(addressed_to):
        if letter.name == name:
            break
    else:
        return None
    with (Path(settings.MAIL_DIR) / f"{letter.name}{SUFFIX}").open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    headers = tuple((label, value) for header, label in SHOWN_HEADERS.items() if (value := _header(message, header)))
    return LetterContent(
        letter,
        headers,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        number=_header(message, "Message-ID"),
    )


def _entries() -> list[os.DirEntry[str]]:
    """List the files of letters; an installation that has sent none has no folder yet."""
    try:
        with os.scandir(settings.MAIL_DIR) as entries:
            return [entry for entry in entries if entry.name.endswith(SUFFIX)]
    except FileNotFoundError:
        return []


@lru_cache(maxsize=20_000)
def _letter(path: str, modified_ns: int) -> Letter:
    """Read the head of a letter; kept until the file changes, for lists look at every letter of the folder."""
    with Path(path).open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file, headersonly=True)
    addresses = getaddresses([str(value) for name in ("To", "Cc") for value in message.get_all(name, [])])
    return Letter(
        name=Path(path).stem,
        subject=_header(message, "Subject") or "(без темы)",
        recipients=tuple(address.lower() for _, address in addresses if address),
        sent_at=timezone.localtime(datetime.fromtimestamp(modified_ns / 1e9, tz=UTC)),
    )


def _header(message: ParsedMessage, name: str) -> str:
    """Return a header decoded; a long one was folded and begins with the blank of the fold."""
    return str(message[name] or "").strip()


def _part(message: ParsedMessage, kind: str) -> str:
    """Return the text of the body in the given kind, «» when the letter has none."""
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()).replace("\r\n", "\n").strip() if body else ""
