"""Sends the day's digests of a region, each once, whatever happens on the way."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import letters
from accounts.models import Region
from accounts.working_days import is_working_day
from obligations.chasing.composing import compose_digests, is_composed, seats_in_force
from obligations.models import Digest

log = structlog.get_logger(__name__)

# «Closing transmission channel»: the server is done with this connection, not with us.
SMTP_CLOSING = 421


@dataclass(frozen=True)
class Failure:
    """A letter that could not be sent, and why."""

    email: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """What a run did: letters sent by it, sent before it, and those that failed and wait for the next run."""

    sent: int = 0
    sent_before: int = 0
    failures: tuple[Failure, ...] = ()

    def __add__(self, other: "Summary") -> "Summary":
        return Summary(self.sent + other.sent, self.sent_before + other.sent_before, (*self.failures, *other.failures))


def chase(*, region: Region, today: date, clock: Callable[[], datetime]) -> Summary:
    """Write the day's digests that are missing and send those that are not sent. Safe to repeat at any time."""
    compose_digests(region=region, today=today, at=clock())
    return send_digests(region=region, today=today, clock=clock)


def chase_once_a_day(*, region: Region, today: date, clock: Callable[[], datetime]) -> Summary:
    """Write the day's digests unless they have been written, and send those that are not sent.

    For the hourly job: what comes up in the course of the day waits for the next morning's letter,
    what could not be sent in the morning does not. On a day off nothing is written: what falls on it
    was told on the working day before.
    """
    if is_working_day(today) and not is_composed(region=region, today=today):
        compose_digests(region=region, today=today, at=clock())
    return send_digests(region=region, today=today, clock=clock)


def send_digests(*, region: Region, today: date, clock: Callable[[], datetime]) -> Summary:
    """Send every digest of the day that is not sent to people still in force.

    Each goes out in the transaction that holds its row's lock, which marks it sent; a run at the
    same moment skips it. A letter that fails keeps the reason and waits for the next run.
    """
    sent_before = Digest.objects.filter(region=region, day=today, sent_at__isnull=False).count()
    sent, failures = 0, []
    with Postman() as postman:
        for pk in list(_pending(region, today).values_list("pk", flat=True)):
            match _send(pk, region=region, today=today, postman=postman, clock=clock):
                case Failure() as failure:
                    failures.append(failure)
                case Digest():
                    sent += 1
    log.info("digests sent", region=region.code, day=today.isoformat(), sent=sent, failed=len(failures))
    return Summary(sent, sent_before, tuple(failures))


class Postman:
    """One connection to the mail server for many letters; made anew when the server has closed it.

    After a server that cannot be reached at all it doesn't try again: every letter of the run
    fails at once instead of waiting for the same time-out.
    """

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._unreachable: Exception | None = None

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *args: object) -> None:
        self._hang_up()

    def deliver(self, message: EmailMultiAlternatives) -> None:
        """Hand the letter to the server; raises whatever the mail backend raises when it is refused."""
        fresh = self._connection is None
        try:
            self._hand_over(message)
        except Exception as error:
            # Whatever went wrong, the next letter begins with a conversation of its own.
            self._hang_up()
            if fresh or not _is_hang_up(error):
                raise
            # Servers close a connection after so many letters or minutes: the letter is not to blame.
            try:
                self._hand_over(message)
            except Exception:
                self._hang_up()
                raise

    def _hand_over(self, message: EmailMultiAlternatives) -> None:
        connection = self._open()
        if not connection.send_messages([message]):
            raise ValueError("Почтовый сервер не принял письмо.")

    def _open(self) -> BaseEmailBackend:
        if self._unreachable is not None:
            raise self._unreachable
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except Exception as error:
                self._unreachable = error
                raise
            self._connection = connection
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()


def message_of(digest: Digest) -> EmailMultiAlternatives:
    """Make the letter. Its Message-ID says which digest it is: sent again, it is known to be the same."""
    message_id = f"<digest-{digest.region.code}-{digest.day.isoformat()}-{digest.user_id}@{letters.host()}>"
    message = EmailMultiAlternatives(
        subject=digest.subject,
        body=digest.body,
        to=[digest.user.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(digest.html, "text/html")
    return message


def _send(
    pk: int, *, region: Region, today: date, postman: Postman, clock: Callable[[], datetime]
) -> Digest | Failure | None:
    """Send one digest unless another run has it in hand or it has been sent: then None."""
    with transaction.atomic():
        digest = (
            _pending(region, today)
            .filter(pk=pk)
            .select_related("user", "region")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if digest is None:
            return None
        try:
            postman.deliver(message_of(digest))
        except Exception as error:  # noqa: BLE001 - one letter, whatever is wrong with it, must not stop the others
            digest.failure = letters.reason(error)
            digest.save(update_fields=["failure"])
            log.warning("digest failed", digest=digest.pk, user=digest.user_id, error=repr(error))
            return Failure(digest.user.email, digest.failure)
        digest.sent_at, digest.failure = clock(), ""
        digest.save(update_fields=["sent_at", "failure"])
    return digest


def _pending(region: Region, today: date) -> QuerySet[Digest]:
    """Digests of the day that wait to be sent; who has left meanwhile gets none."""
    in_force = seats_in_force(region).filter(user=OuterRef("user"))
    return Digest.objects.filter(Exists(in_force), region=region, day=today, by_mail=True, sent_at=None).order_by("pk")


def _is_hang_up(error: Exception) -> bool:
    """Tell whether the server has ended the conversation rather than refused the letter."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == SMTP_CLOSING
    return isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)
