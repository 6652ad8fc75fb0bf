"""Forms that close obligations: apps to the right register theirs by the name that requirements bear.

A requirement says by its ``form`` what closes its obligations. Files and notes are this app's own; a plan or a
self-check belongs to an app to the right, which registers a ``ClosingForm``. Nothing here knows any of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from obligations.differences import Change, TextPart, differences

if TYPE_CHECKING:
    from obligations.models import Obligation, ReviewStep


@dataclass(frozen=True)
class FormPart:
    """A part of a form, e.g. a line of a plan: its key that outlives changes, its name, what stands in it."""

    key: str
    label: str
    values: tuple[tuple[str, str], ...] = ()


def _nothing(_step: "ReviewStep") -> None:
    """React to no step."""


@dataclass(frozen=True)
class ClosingForm:
    """A form that closes obligations of organizations of some kinds; others close them by evidence.

    ``url_name`` leads to the form and takes the id of the obligation. ``fault`` says why it cannot be handed in as
    it is on that day, '' when it can; it is asked under the lock of the obligation. ``parts`` are what a reviewer may
    remark on and what is compared between two submissions. ``clean`` is the condition, on obligations, under which
    the form may be accepted unopened. ``after`` is told every step that moves the state, inside its transaction.
    ``template`` with ``context`` shows the form on the page of the obligation.
    """

    form: str
    url_name: str
    kinds: frozenset[str]
    invitation: str
    """What the owner is asked to do: «Составьте план…»."""
    action: str
    """The button that leads the owner there: «Заполнить план»."""
    template: str
    context: Callable[["Obligation"], Mapping[str, Any]]
    fault: Callable[["Obligation", date], str]
    parts: Callable[["Obligation"], Sequence[FormPart]]
    clean: Callable[[], Q]
    after: Callable[["ReviewStep"], None] = _nothing


_forms: dict[str, ClosingForm] = {}


def register(form: ClosingForm) -> None:
    """Make a form known; called from ``AppConfig.ready`` of the app that owns it."""
    _forms[form.form] = form


def form_of(obligation: "Obligation") -> ClosingForm | None:
    """Return the form that closes the obligation; None where evidence does."""
    form = _forms.get(obligation.requirement.form)
    return form if form and obligation.organization.kind in form.kinds else None


def fault_of(obligation: "Obligation", today: date) -> str:
    """Say why the owner cannot hand in what is there, '' when they can."""
    if form := form_of(obligation):
        return form.fault(obligation, today)
    if obligation.note or obligation.evidence.kept().exists():
        return ""
    return "Приложите файл или ссылку либо напишите пояснение: сдать пустое поручение нельзя."


def parts_of(obligation: "Obligation") -> Sequence[FormPart]:
    """Return the parts of the form as it is now; none where evidence closes the obligation."""
    form = form_of(obligation)
    return form.parts(obligation) if form else ()


def tell(step: "ReviewStep") -> None:
    """Tell the form of an obligation that its state has moved."""
    if step.moves_state and (form := form_of(step.obligation)):
        form.after(step)


def clean(by_evidence: Q) -> Q:
    """What may be accepted unopened: by its form where it has one, else by ``by_evidence``."""
    closed_by_form, condition = Q(pk__in=[]), Q(pk__in=[])
    for form in _forms.values():
        mine = Q(requirement__form=form.form, organization__kind__in=form.kinds)
        closed_by_form |= mine
        condition |= mine & form.clean()
    return condition | (~closed_by_form & by_evidence)


def as_json(parts: Iterable[FormPart]) -> list[dict[str, Any]]:
    """Write parts down for keeping."""
    return [{"key": part.key, "label": part.label, "values": [list(pair) for pair in part.values]} for part in parts]


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[FormPart]:
    """Read parts that were kept."""
    return [FormPart(part["key"], part["label"], tuple((name, text) for name, text in part["values"])) for part in kept]


@dataclass(frozen=True)
class PartChange:
    """What became of one part of a form between two submissions."""

    label: str
    change: Change
    values: tuple[tuple[str, tuple[TextPart, ...]], ...]
    """Name and words of what stands in it; of a part that stayed only what reads differently."""


def compare(before: Sequence[FormPart], after: Sequence[FormPart]) -> list[PartChange]:
    """Compare two submissions part by part: what came, what reads differently, what went. Pure."""
    old = {part.key: part for part in before}
    kept = {part.key for part in after}
    changes = []
    for part in after:
        was = old.get(part.key)
        if was is None:
            changes.append(_whole(part, Change.ADDED))
        elif changed := _changed(was, part):
            changes.append(PartChange(part.label, Change.SAME, changed))
    return changes + [_whole(part, Change.REMOVED) for part in before if part.key not in kept]


def _whole(part: FormPart, change: Change) -> PartChange:
    values = tuple((name, (TextPart(change, text),)) for name, text in part.values if text)
    return PartChange(part.label, change, values)


def _changed(was: FormPart, now: FormPart) -> tuple[tuple[str, tuple[TextPart, ...]], ...]:
    before, after = dict(was.values), dict(now.values)
    return tuple(
        (name, tuple(differences(before.get(name, ""), after.get(name, ""))))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    )
