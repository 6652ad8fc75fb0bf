"""What the stories of chasing are made of."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import LazySettings
from django.core import mail

from accounts.roles import Role
from obligations.chasing.content import Content, Debtor, Owed, Seat, digest_content
from obligations.states import State
from tests.conftest import NOW, TODAY

SCHOOL, MUNICIPALITY, MINISTRY = 30, 20, 10


def clock() -> datetime:
    return NOW


def letters() -> dict[str, str]:
    """Every letter's text by its recipient; fails when somebody got two."""
    recipients = [address for message in mail.outbox for address in message.to]
    assert len(recipients) == len(set(recipients)), recipients
    return {message.to[0]: str(message.body) for message in mail.outbox}


def owed(pk: int, days: int, state: str = State.OPEN, organization: int = SCHOOL) -> Owed:
    return Owed(pk, organization, "Школа", f"1.{pk}", "Мероприятие", TODAY + timedelta(days=days), state)


def debtor(pk: int = SCHOOL, kind: str = "school", parent: int = MUNICIPALITY, **fields: Any) -> Debtor:
    values: dict[str, Any] = {
        "name": f"Школа {pk}",
        "phone": "",
        "email": "",
        "parent_name": "Бондарский",
        "grandparent_id": MINISTRY,
        "over_reviewer": 1,
        "over_ministry": 0,
        "oldest_due_on": TODAY - timedelta(days=4),
    }
    return Debtor(organization_id=pk, kind=kind, parent_id=parent, **{**values, **fields})


def content_of(role: Role, organization: int, *items: Owed | Debtor) -> Content:
    return digest_content(
        seats=[Seat(organization, role)],
        owed=[item for item in items if isinstance(item, Owed)],
        debtors=[item for item in items if isinstance(item, Debtor)],
        today=TODAY,
    )


def backend(settings: LazySettings, name: str) -> None:
    settings.EMAIL_BACKEND = f"tests.obligations.chasing.servers.{name}"
