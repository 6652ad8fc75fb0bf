"""The plan of a school: filled in by its deputy while it is theirs, read by everybody who may know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from obligations import closing, rules
from obligations.forms import RemarkForm
from obligations.history import read_history
from obligations.models import Obligation, RequirementForm
from obligations.states import Act, State
from obligations.views.page import CONFLICT, INVALID
from obligations.views.pieces import Parts, PlacedRemark, parts_of
from obligations.views.scope import get_obligation, person
from obligations.workflow import TransitionRefused, refusal_of
from roadmap.models import Item
from schools.actions.plans import YEAR_IS_OVER, PlanConflict, PlanRefused, hand_in_plan, save_plan
from schools.aggregates.plans import last_years_plan, plan_of, plan_sheet
from schools.exports.plan_charts import plan_chart
from schools.forms.plans import (
    MOST_LINES,
    PlanEditor,
    PlanLineForm,
    Raw,
    as_new,
    blank_line,
    lines_of,
    model_lines,
    sent_lines,
)
from schools.planning.norms import DirectionNorm
from schools.planning.totals import DirectionStanding, PlanFault, faults_of
from schools.querysets import level_norms
from schools.rules import can_edit_plan, can_note_hours, is_year_over

SAVED = "Черновик плана сохранён. Он ещё не сдан на проверку."
HANDED_IN = "План сдан на проверку."


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the plan in while it is one's own to change; else look at it."""
    obligation = get_plan_obligation(request, pk)
    user, today = person(request), obligation.organization.region.today()
    if request.method == "POST":
        if not rules.owns(user, obligation):
            raise PermissionDenied
        return _Desk(request, obligation).receive()
    if can_edit_plan(user, obligation, today=today) and "view" not in request.GET:
        return _Desk(request, obligation).open()
    return _show(request, obligation)


def get_plan_obligation(request: HttpRequest, pk: int) -> Obligation:
    """Fetch an obligation that a plan closes, or answer 404."""
    obligation = get_obligation(request, pk)
    form = closing.form_of(obligation)
    if form is None or form.form != RequirementForm.PLAN:
        raise Http404
    return obligation


def _show(request: HttpRequest, obligation: Obligation) -> HttpResponse:
    """Draw the plan as it is saved, with what was held of it."""
    user, today = person(request), obligation.organization.region.today()
    saved = plan_of(obligation)
    sheet = plan_sheet(saved, today=today) if saved else None
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "plan": saved,
        "sheet": sheet,
        "today": today,
        "chart": plan_chart(sheet) if sheet else None,
        "show_done": sheet is not None and obligation.state == State.ACCEPTED,
        "forecast_title": f"К маю не хватит {sheet.short_of_level}\u00a0ч" if sheet else "",
        "behind": [one for one in sheet.shown if one.outlook.short] if sheet else [],
        "owns": rules.owns(user, obligation),
        "can_edit": can_edit_plan(user, obligation, today=today),
        "can_note": can_note_hours(user, obligation, today=today),
        "is_year_over": is_year_over(obligation, today),
    }
    return render(request, "schools/plan.html", context)


@dataclass(frozen=True)
class LineRow:
    """A line as it is drawn: its form, its number among those sent, what was remarked on it."""

    form: PlanLineForm
    number: int
    remarks: Sequence[PlacedRemark]


@dataclass(frozen=True)
class Section:
    """A direction as it is drawn."""

    norm: DirectionNorm
    hours: int
    standing: DirectionStanding | None
    lines: list[LineRow]
    why: Any
    remarks: Sequence[PlacedRemark]


class _Desk:
    """One visit to the form: what was sent, what came of it, the page that answers."""

    def __init__(self, request: HttpRequest, obligation: Obligation) -> None:
        self.request, self.obligation = request, obligation
        self.user = person(request)
        self.saved = plan_of(obligation)
        self.norms = level_norms(obligation.organization.region, obligation.requirement.academic_year)
        self.items = _items_of(obligation)
        self.history = read_history(obligation)

    def open(self) -> HttpResponse:
        """Draw what is saved."""
        return self._draw(self._of_saved())

    def receive(self) -> HttpResponse:
        """Do what the button that was pressed says."""
        data = self.request.POST
        editor = PlanEditor.of_data(data, norms=self.norms, items=self.items)
        act, _, about = data.get("do", "recount").partition("-")
        if act in ("save", "submit"):
            return self._keep(editor, hand_in=act == "submit")
        if act == "recount":
            valid = editor.is_valid()
            return self._draw(editor, status=200 if valid else INVALID)
        rows = self._rearranged(act, about, editor)
        if len(rows) > MOST_LINES:
            messages.error(self.request, f"В плане бывает не больше {MOST_LINES} строк: лишние не добавлены.")
        return self._draw(editor.redrawn(data, rows[:MOST_LINES], items=self.items))

    def _of_saved(self) -> PlanEditor:
        return PlanEditor.of_plan(self.saved, norms=self.norms, items=self.items, seen=self.history.last_step_id)

    def _rearranged(self, act: str, about: str, editor: PlanEditor) -> list[Raw]:
        """Add, copy, drop or move a line, or bring in those of another plan; nothing is saved by it."""
        rows = sent_lines(self.request.POST)
        place = int(about) if about.isdecimal() and int(about) < len(rows) else None
        if act == "add" and about in editor.head.codes:
            return [*rows, blank_line(about)]
        if act == "model":
            if editor.chosen is None:
                messages.error(self.request, "Сначала выберите уровень: типовой план у каждого свой.")
                return rows
            return [*rows, *model_lines(editor.chosen.code)]
        if act == "last" and (last := last_years_plan(self.obligation)):
            return [*rows, *as_new(lines_of(last))]
        if place is None:
            return rows
        if act == "copy":
            return [*rows[: place + 1], {**rows[place], "pk": ""}, *rows[place + 1 :]]
        if act == "delete":
            return [*rows[:place], *rows[place + 1 :]]
        return _moved(rows, place, up=act == "up")

    def _keep(self, editor: PlanEditor, *, hand_in: bool) -> HttpResponse:
        """Save, or save and hand in, and say what came of it."""
        remarks = RemarkForm.read(self.history.current_remarks, self.request.POST)
        valid = [editor.is_valid(), *(one.is_valid() for one in remarks)]
        if not all(valid):
            return self._draw(editor, remarks=remarks, status=INVALID)
        head = editor.head.cleaned_data
        keep = hand_in_plan if hand_in else save_plan
        try:
            keep(
                obligation=self.obligation,
                content=editor.content(),
                version=head["version"] or 0,
                by=self.user,
                at=timezone.now(),
                seen=head["seen"],
                mended={one.remark.pk: one.said for one in remarks},
            )
        except PlanConflict as refusal:
            self.saved = plan_of(self.obligation)
            editor.head.bring_version(self.saved.version if self.saved else 0)
            return self._draw(editor, remarks=remarks, refusal=str(refusal), is_conflict=True, status=CONFLICT)
        except (PlanRefused, TransitionRefused) as refusal:
            return self._refused(editor, remarks, str(refusal), hand_in=hand_in)
        messages.success(self.request, HANDED_IN if hand_in else SAVED)
        return redirect(self.obligation if hand_in else self.request.path)

    def _refused(
        self, editor: PlanEditor, remarks: Sequence[RemarkForm], refusal: str, *, hand_in: bool
    ) -> HttpResponse:
        """Draw the form again with what keeps it from being kept, in one list."""
        self.obligation = get_plan_obligation(self.request, self.obligation.pk)
        faults = _faults(editor) if hand_in and self.obligation.is_with_owner else []
        self.history = read_history(self.obligation)
        editor.head.bring_up_to_date(self.history.last_step_id)
        status = INVALID if faults else CONFLICT
        return self._draw(editor, remarks=remarks, refusal="" if faults else refusal, faults=faults, status=status)

    def _draw(
        self,
        editor: PlanEditor,
        *,
        remarks: Sequence[RemarkForm] = (),
        refusal: str = "",
        faults: Sequence[PlanFault] = (),
        is_conflict: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        today = self.obligation.organization.region.today()
        parts = parts_of(self.history, forms=remarks, is_answered=True)
        sections = _sections(editor, parts)
        shown = {key for section in sections for key in _keys_of(section)}
        closed = "" if self.obligation.is_with_owner else refusal_of(self.obligation, Act.SUBMIT)
        context = {
            "obligation": self.obligation,
            "requirement": self.obligation.requirement,
            "plan": self.saved,
            "editor": editor,
            "weighing": editor.weighing,
            "sections": sections,
            "parts": parts,
            "history": self.history,
            "other_remarks": [one for key, placed in parts.form.items() if key not in shown for one in placed],
            "refusal": refusal or closed or (YEAR_IS_OVER if is_year_over(self.obligation, today) else ""),
            "is_conflict": is_conflict,
            "faults": faults,
            "can_edit": can_edit_plan(self.user, self.obligation, today=today),
            "last": last_years_plan(self.obligation),
            "has_unsaved": self.request.method == "POST",
            "norms": _for_script(editor),
            "today": today,
        }
        return render(self.request, "schools/plan_edit.html", context, status=status)


def _faults(editor: PlanEditor) -> list[PlanFault]:
    """What keeps the plan in the form from being handed in."""
    weighing = editor.weighing
    if weighing is None:
        return [PlanFault("Выберите уровень профминимума: без него план не сдать.", "level")]
    found = faults_of(weighing, editor.head.explanations())
    nameless = [line for line in editor.lines if not line.cleaned_data["who"]]
    found += [
        PlanFault(f"«{line.cleaned_data['what']}»: не указан ответственный.", line["who"].id_for_label)
        for line in nameless
    ]
    return found


def _sections(editor: PlanEditor, parts: Parts) -> list[Section]:
    """Lay the form out by direction."""
    weighing, hours = editor.weighing, editor.hours
    standings = {one.norm.code: one for one in weighing.directions} if weighing else {}
    some = editor.chosen or next(iter(editor.norms.values()))
    rows: dict[str, list[LineRow]] = {}
    for line in editor.lines:
        number = int(str(line.prefix).rpartition("-")[2])
        rows.setdefault(line.direction_code, []).append(LineRow(line, number, parts.form.get(line.key, ())))
    return [
        Section(
            norm=norm,
            hours=hours.get(norm.code, 0),
            standing=standings.get(norm.code),
            lines=rows.get(norm.code, []),
            why=editor.head[f"why-{norm.code}"],
            remarks=parts.form.get(f"explanation-{norm.code}", ()),
        )
        for norm in some.directions
    ]


def _keys_of(section: Section) -> list[str]:
    return [f"explanation-{section.norm.code}", *(line.form.key for line in section.lines)]


def _moved(rows: Sequence[Raw], place: int, *, up: bool) -> list[Raw]:
    """Let a line change places with its neighbour of the same direction."""
    order = list(rows)
    mine = [number for number, row in enumerate(order) if row["direction"] == order[place]["direction"]]
    at = mine.index(place) + (-1 if up else 1)
    if 0 <= at < len(mine):
        order[place], order[mine[at]] = order[mine[at]], order[place]
    return order


def _items_of(obligation: Obligation) -> list[tuple[int, str]]:
    """Items of the year's roadmaps that the school itself is asked for: what a line may lead to."""
    asked = Item.objects.filter(
        occurrences__requirement__obligations__organization=obligation.organization_id,
        occurrences__requirement__academic_year=obligation.requirement.academic_year,
    )
    rows = asked.order_by("number_sort", "pk").values_list("pk", "number", "title").distinct()
    return [(pk, f"{number} {title[:80]}") for pk, number, title in rows]


def _for_script(editor: PlanEditor) -> dict[str, Any]:
    """The norms of every level, for the totals that are shown while typing."""
    return {
        code: {
            "title": norms.title,
            "total": norms.total,
            "directions": {one.code: {"hours": one.hours, "required": one.is_required} for one in norms.directions},
        }
        for code, norms in editor.norms.items()
    }
