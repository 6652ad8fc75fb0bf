"""Mail servers with the troubles that mail servers have."""

import asyncio
import smtplib
import threading
from collections.abc import Sequence

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend


class Killed(BaseException):
    """What Ctrl-C and SIGTERM look like from inside."""


class KilledAfterTwo(LocmemBackend):
    """The process dies when the third letter is to be sent."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if len(mail.outbox) == 2:
            raise Killed
        return super().send_messages(messages)


class KilledBeforeCommit(LocmemBackend):
    """The process dies after the server took the second letter, before it is marked sent."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages(messages)
        if len(mail.outbox) == 2:
            raise Killed
        return 1


class OneRefused(LocmemBackend):
    """The server refuses the address of Елена."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to == ["elena@example.test"]:
            raise smtplib.SMTPRecipientsRefused({"elena@example.test": (550, "нет такого ящика".encode())})
        return super().send_messages(messages)


class Unreachable(LocmemBackend):
    """No mail server answers; counts how often it was tried."""

    tries = 0

    def open(self) -> bool:
        type(self).tries += 1
        raise ConnectionRefusedError("Connection refused")


class Rendezvous(LocmemBackend):
    """Holds the first letter in hand, and with it the lock, until the other run has had its chance at it."""

    in_hand: threading.Event
    go_on: threading.Event

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not self.in_hand.is_set():
            self.in_hand.set()
            assert self.go_on.wait(timeout=60)
        return super().send_messages(messages)


class Inbox:
    """A mail server's handler: keeps letters, refuses some addresses, counts conversations."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.refused: set[str] = set()
        self.sessions: set[int] = set()
        self.closes_after: int | None = None

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.sessions.add(id(session))
        if self.closes_after is not None and len(self.letters) == self.closes_after:
            self.closes_after = None
            return "421 4.7.0 Too many messages in this conversation"
        self.letters.append(envelope)
        return "250 OK"


class FreePortController(Controller):
    """A server that lets the system choose its port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
