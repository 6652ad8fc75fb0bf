"""The message that wakes a worker: it names the row, and a broker that is down harms nobody."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from django.test import Client
from django.urls import reverse

from accounts import queue as messages
from accounts.models import User
from exports import queue
from exports.actions import BROKER_DOWN, IN_QUEUE, requeue_lost
from exports.models import Export, ExportState
from exports.querysets import QUEUED_PATIENCE
from exports.tasks import build_export, sweep_exports
from tests.exports.conftest import SampleReport


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Celery:
    """A broker in the memory of this process."""
    app = Celery("test", broker=f"memory://{uuid4()}", set_as_current=False)
    app.conf.task_default_queue = "portal"
    monkeypatch.setattr(messages, "current_app", app)
    return app


@pytest.fixture
def broken_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker at an address where nobody listens."""
    app = Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(messages, "current_app", app)


def test_the_message_names_the_task_and_the_row(broker: Celery) -> None:
    export_id = uuid4()
    assert queue.send(export_id)
    with broker.connection_for_read() as connection:
        message = connection.SimpleQueue("portal").get(timeout=5)
    assert message.headers["task"] == build_export.name == queue.BUILD_TASK
    assert message.payload[0] == [str(export_id)]


def test_a_broker_that_is_down_is_no_error(broken_broker: None) -> None:
    assert not queue.send(uuid4())


def test_with_the_broker_down_the_order_waits_and_says_so(
    broken_broker: None,
    sample: SampleReport,
    anna: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client.force_login(anna)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("exports:create"), {"report": "sample", "format": "xlsx", "school": "Школа № 1"})
    export = Export.objects.get()
    assert (export.state, export.stage) == (ExportState.QUEUED, BROKER_DOWN)
    assert BROKER_DOWN in client.get(export.get_absolute_url()).content.decode()


def test_when_the_broker_is_back_the_sweep_sends_the_order(broker: Celery, ordered: Export, now: datetime) -> None:
    Export.objects.update(stage=BROKER_DOWN)
    assert requeue_lost(now=now + 2 * QUEUED_PATIENCE) == 1
    assert Export.objects.get().stage == IN_QUEUE
    with broker.connection_for_read() as connection:
        assert connection.SimpleQueue("portal").get(timeout=5).payload[0] == [str(ordered.pk)]


def test_the_message_leaves_only_after_the_row_is_there(
    broker: Celery, sample: SampleReport, ordered: Export, django_capture_on_commit_callbacks: Any
) -> None:
    with broker.connection_for_read() as connection:
        box = connection.SimpleQueue("portal")
        with pytest.raises(box.Empty):
            box.get_nowait()


def test_the_tasks_do_what_the_actions_do(broker: Celery, ordered: Export) -> None:
    build_export(str(ordered.pk))
    assert Export.objects.get().state == ExportState.READY
    Export.objects.update(state=ExportState.QUEUED)
    sweep_exports()
    with broker.connection_for_read() as connection:
        assert connection.SimpleQueue("portal").get(timeout=5).payload[0] == [str(ordered.pk)]
