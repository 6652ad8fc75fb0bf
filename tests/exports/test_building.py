"""A worker builds files: claimed once, told of while it goes on, safe to kill, clear when it fails."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from openpyxl import load_workbook

from accounts.models import User
from exports.actions import GAVE_UP, requeue_lost, retry_export
from exports.building import BROKEN, DEACTIVATED, UNKNOWN_REPORT, run_export
from exports.models import Export, ExportFormat, ExportState
from exports.querysets import QUEUED_PATIENCE, RUNNING_PATIENCE
from exports.registry import ReportUnavailable
from tests.exports.conftest import SampleReport


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def stored() -> list[str]:
    """The files of exports in storage, by name."""
    if not default_storage.exists("exports/2023/10"):
        return []
    return sorted(default_storage.listdir("exports/2023/10")[1])


def read(name: str | None) -> bytes:
    """The content of a stored file."""
    with default_storage.open(name or "missing") as file:
        return bytes(file.read())


def die() -> None:
    """What the kernel does to a worker that takes too much memory: nothing after it runs."""
    raise SystemExit


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Messages go to a list instead of a broker."""
    messages: list[object] = []

    def send(export_id: object) -> bool:
        messages.append(export_id)
        return True

    monkeypatch.setattr("exports.queue.send", send)
    return messages


def test_a_queued_export_becomes_a_file_with_size_and_checksum(
    ordered: Export, sample: SampleReport, anna: User, now: datetime
) -> None:
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    content = read(export.file.name)
    assert (export.state, export.progress, export.stage) == (ExportState.READY, 100, "")
    assert (export.size, export.checksum) == (len(content), hashlib.sha256(content).hexdigest())
    assert (export.filename, export.finished_at) == ("О сдаче 2023-2024.xlsx", now)
    assert load_workbook(BytesIO(content)).sheetnames == ["Сводка", "Школы", "Бондарский"]
    assert sample.built_for == [(anna, {"school": "Школа № 1"}, now)]


def test_a_pdf_is_a_pdf(ordered: Export, now: datetime) -> None:
    Export.objects.update(format=ExportFormat.PDF)
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert read(export.file.name).startswith(b"%PDF-")
    assert export.filename.endswith(".pdf")


def test_the_person_can_read_how_far_it_is(ordered: Export, sample: SampleReport, now: datetime) -> None:
    seen: list[tuple[int, str, str]] = []

    def look() -> None:
        export = Export.objects.get()
        seen.append((export.progress, export.stage, export.state))

    sample.before = look
    run_export(export_id=ordered.pk, clock=at(now))
    assert seen == [(33, "Считаем школы", ExportState.RUNNING)]


def test_the_second_message_for_a_row_finds_nothing_to_do(ordered: Export, sample: SampleReport, now: datetime) -> None:
    def second_worker() -> None:
        sample.before = lambda: None
        assert run_export(export_id=ordered.pk, clock=at(now)) is None

    sample.before = second_worker
    assert run_export(export_id=ordered.pk, clock=at(now)) is not None
    assert run_export(export_id=ordered.pk, clock=at(now)) is None
    assert len(sample.built_for) == 1


def test_killed_while_counting_it_is_built_again_by_the_next_worker(
    ordered: Export, sample: SampleReport, now: datetime, sent: list[object]
) -> None:
    sample.before = die
    with pytest.raises(SystemExit):
        run_export(export_id=ordered.pk, clock=at(now))
    assert Export.objects.get().state == ExportState.RUNNING
    assert requeue_lost(now=now + RUNNING_PATIENCE) == 0, "it may still be working"
    sample.before = lambda: None
    later = now + RUNNING_PATIENCE + timedelta(seconds=1)
    assert requeue_lost(now=later) == 1
    assert sent == [ordered.pk]
    export = run_export(export_id=ordered.pk, clock=at(later))
    assert export is not None
    assert (export.state, export.attempts) == (ExportState.READY, 2)


def test_killed_after_the_file_was_stored_it_leaves_one_file_and_the_same_figures(
    ordered: Export, sample: SampleReport, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(hashlib, "sha256", lambda _content: die())
        with pytest.raises(SystemExit):
            run_export(export_id=ordered.pk, clock=at(now))
    assert stored() == [f"{ordered.pk}-1.xlsx"]
    first = read(f"exports/2023/10/{ordered.pk}-1.xlsx")
    requeue_lost(now=now + 2 * RUNNING_PATIENCE)
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert stored() == [f"{ordered.pk}-2.xlsx"]
    assert read(export.file.name) == first, "the same moment gives the same file, byte for byte"


def test_a_slow_run_that_was_overtaken_keeps_its_hands_off(
    ordered: Export, sample: SampleReport, now: datetime
) -> None:
    later = now + 2 * RUNNING_PATIENCE

    def overtake() -> None:
        sample.before = lambda: None
        requeue_lost(now=later)
        run_export(export_id=ordered.pk, clock=at(later))

    sample.before = overtake
    assert run_export(export_id=ordered.pk, clock=at(now)) is None
    export = Export.objects.get()
    assert (export.state, export.finished_at, export.attempts) == (ExportState.READY, later, 2)
    assert stored() == [f"{ordered.pk}-2.xlsx"]


def test_overtaken_at_the_last_moment_it_takes_its_file_away(
    ordered: Export, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(_content: bytes) -> "hashlib._Hash":
        Export.objects.update(started_at=now + timedelta(hours=1))
        return hashlib.new("sha256")

    monkeypatch.setattr(hashlib, "sha256", overtaken)
    assert run_export(export_id=ordered.pk, clock=at(now)) is None
    assert stored() == []


def test_a_deleted_export_is_no_error(ordered: Export, sample: SampleReport, now: datetime) -> None:
    def delete() -> None:
        Export.objects.all().delete()

    sample.before = delete
    assert run_export(export_id=ordered.pk, clock=at(now)) is None
    assert run_export(export_id=ordered.pk, clock=at(now)) is None


def test_a_refusal_of_the_report_reaches_the_person_in_its_words(
    ordered: Export, sample: SampleReport, now: datetime
) -> None:
    def refuse() -> None:
        raise ReportUnavailable("Дорожная карта больше не действует.")

    sample.before = refuse
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert (export.state, export.failure) == (ExportState.FAILED, "Дорожная карта больше не действует.")
    assert stored() == []


def test_an_error_is_logged_and_told_without_its_traceback(
    ordered: Export, sample: SampleReport, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("secret detail")

    sample.before = stumble
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert (export.state, export.failure) == (ExportState.FAILED, BROKEN)
    assert "export_failed" in caplog.text


def test_a_report_that_no_longer_exists_fails_with_words(ordered: Export, now: datetime) -> None:
    Export.objects.update(report="forgotten")
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert export.failure == UNKNOWN_REPORT


def test_nothing_is_built_for_someone_who_was_shut_out(ordered: Export, anna: User, now: datetime) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert export.failure == DEACTIVATED


def test_a_failed_export_can_be_tried_again(
    ordered: Export, sample: SampleReport, now: datetime, sent: list[object], django_capture_on_commit_callbacks: object
) -> None:
    Export.objects.update(state=ExportState.FAILED, failure=BROKEN, attempts=3, finished_at=now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert retry_export(export=ordered, now=now)
    assert sent == [ordered.pk]
    assert not retry_export(export=ordered, now=now), "it is in the queue already"
    export = run_export(export_id=ordered.pk, clock=at(now))
    assert export is not None
    assert (export.state, export.failure, export.attempts) == (ExportState.READY, "", 1)


def test_the_sweep_sends_again_what_nobody_took(ordered: Export, now: datetime, sent: list[object]) -> None:
    assert requeue_lost(now=now + QUEUED_PATIENCE) == 0
    later = now + QUEUED_PATIENCE + timedelta(seconds=1)
    assert requeue_lost(now=later) == 1
    assert requeue_lost(now=later) == 0, "sent a moment ago"
    assert sent == [ordered.pk]


def test_a_file_that_kills_its_worker_every_time_is_given_up(
    ordered: Export, sample: SampleReport, now: datetime
) -> None:
    sample.before = die
    for attempt in range(1, 5):
        moment = now + attempt * 2 * RUNNING_PATIENCE
        requeue_lost(now=moment)
        if Export.objects.filter(state=ExportState.QUEUED).exists():
            with pytest.raises(SystemExit):
                run_export(export_id=ordered.pk, clock=at(moment))
    export = Export.objects.get()
    assert (export.state, export.failure, export.attempts) == (ExportState.FAILED, GAVE_UP, 3)
    assert requeue_lost(now=now + timedelta(days=1)) == 0
