"""Registry of reports: apps to the right register what they can build, by name.

A report is a function of scope and parameters that returns frozen dataclasses (``Document``), and
the writers of this app lay it out as Excel and PDF, or as Word. Nothing here knows any report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accounts.models import Region, User
from exports.documents import Document
from exports.models import Export, ExportFormat


class ReportUnavailable(Exception):
    """The report cannot be built for these parameters; the message is for the person who asked."""


class OutOfScope(ReportUnavailable):
    """The parameters name something that the person may not know of."""


# Called by a builder with (percent 0-100, what is being done now, in Russian).
Progress = Callable[[int, str], None]


class Builder(Protocol):
    """Builds the report's content. Reads only what ``user`` may see; raises ReportUnavailable."""

    def __call__(
        self, *, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress
    ) -> Document:
        """Build the content; ``now`` is the cut-off moment of its figures."""


@dataclass(frozen=True)
class Request:
    """A checked order: for which region, with which parameters (ready for JSON), under which title."""

    region: Region
    parameters: Mapping[str, Any]
    title: str


class Cleaner(Protocol):
    """Checks what a person sent and makes an order of it; raises OutOfScope or ReportUnavailable."""

    def __call__(self, *, user: User, sent: Mapping[str, Any]) -> Request:
        """Check ``sent``, the fields of a form as they came."""


# What a table of figures is written as; a letter is written as Word.
TABULAR = frozenset({ExportFormat.XLSX, ExportFormat.PDF})


@dataclass(frozen=True)
class Report:
    """A report that can be ordered: its name, its title for people, who checks an order, who builds it."""

    name: str
    title: str
    clean: Cleaner
    build: Builder
    formats: frozenset[ExportFormat] = TABULAR


# Called with an export that is ready or has failed: apps to the right tell its author.
Listener = Callable[[Export], None]

_reports: dict[str, Report] = {}
_listeners: list[Listener] = []


def register(report: Report) -> None:
    """Make a report known; called from ``AppConfig.ready`` of the app that owns it."""
    _reports[report.name] = report


def get(name: str) -> Report:
    """Return a report by name; raises KeyError for one that no app has registered."""
    return _reports[name]


def when_finished(listener: Listener) -> None:
    """Have every finished export told to the listener; called from ``AppConfig.ready``."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_finished(export: Export) -> None:
    """Tell all listeners of an export that is ready or has failed."""
    for listener in _listeners:
        listener(export)


def names() -> list[str]:
    """Names of all reports."""
    return sorted(_reports)
