"""Digests over a real SMTP server."""

from accounts.models import Region
from obligations.chasing.sending import chase
from tests.conftest import TODAY
from tests.obligations.chasing.samples import clock
from tests.obligations.chasing.servers import Inbox


def test_over_smtp_all_letters_go_out_in_one_conversation(four_schools: set[str], region: Region, smtp: Inbox) -> None:
    assert chase(region=region, today=TODAY, clock=clock).sent == 4
    assert {letter.rcpt_tos[0] for letter in smtp.letters} == four_schools
    assert len(smtp.letters) == 4
    assert len(smtp.sessions) == 1
    content = smtp.letters[0].content
    assert isinstance(content, bytes)
    assert b"Message-ID: <digest-68-2023-10-16-" in content
    assert b"Auto-Submitted: auto-generated" in content
    assert b"multipart/alternative" in content


def test_over_smtp_a_refused_address_waits_and_the_others_get_theirs(
    four_schools: set[str], region: Region, smtp: Inbox
) -> None:
    smtp.refused = {"ivan@example.test"}
    summary = chase(region=region, today=TODAY, clock=clock)
    assert (summary.sent, [failure.email for failure in summary.failures]) == (3, ["ivan@example.test"])
    assert "550 5.1.1 No such mailbox" in summary.failures[0].reason
    smtp.refused = set()
    assert chase(region=region, today=TODAY, clock=clock).sent == 1
    assert sorted(letter.rcpt_tos[0] for letter in smtp.letters) == sorted(four_schools)


def test_over_smtp_a_server_that_ends_the_conversation_is_called_again(
    four_schools: set[str], region: Region, smtp: Inbox
) -> None:
    smtp.closes_after = 2
    summary = chase(region=region, today=TODAY, clock=clock)
    assert (summary.sent, summary.failures) == (4, ())
    assert sorted(letter.rcpt_tos[0] for letter in smtp.letters) == sorted(four_schools)
    assert len(smtp.letters) == 4
