"""Letters of the portal about access: what they say, and whose fault it is when one does not leave."""

import smtplib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

MAX_FAILURE = 500


def letter(name: str, *, to: str, subject: str, identity: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """Make a letter of ``emails/<name>.txt`` and ``.html``; ``identity`` makes a repetition known as such."""
    known = {"portal_name": settings.PORTAL_NAME, "portal_url": settings.PORTAL_URL, "subject": subject, **context}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{name}.txt", known),
        to=[to],
        headers={"Message-ID": f"<{identity}@{host()}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", known), "text/html")
    return message


def host() -> str:
    """The portal's name on the network, for Message-IDs; the same in every process of the installation."""
    return urlsplit(settings.PORTAL_URL).hostname or "localhost"


def is_refused(error: Exception) -> bool:
    """Tell a letter that its server will never take from one that may leave later."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _ in error.recipients.values())
        case smtplib.SMTPResponseException():
            return error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
        case ValueError():
            # An address or a header that no letter can carry.
            return True
        case _:
            return False


def reason(error: Exception) -> str:
    """Say why a letter did not leave, as the mail server put it."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = "; ".join(f"{code} {_text(reply)}" for code, reply in error.recipients.values())
        case smtplib.SMTPResponseException():
            said = f"{error.smtp_code} {_text(error.smtp_error)}"
        case _:
            said = str(error) or type(error).__name__
    return said[:MAX_FAILURE]


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
