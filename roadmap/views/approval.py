"""Approving a draft after looking at what it will mean; starting another edition from one that was approved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.russian import counted, figure
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import (
    Approval,
    ApprovalPreview,
    RoadmapRefused,
    approve,
    carry_over,
    preview_approval,
    renew,
)
from roadmap.edition_forms import ApprovalForm
from roadmap.forms import CarryOverForm
from roadmap.models import Roadmap
from roadmap.views.access import CONFLICT, INVALID, get_roadmap, how_to_change


@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom the draft will ask what; asked to, approve it."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        messages.info(request, "Эта редакция уже утверждена.")
        return redirect(roadmap)
    if request.method != "POST":
        return _render(request, roadmap)
    preview = preview_approval(roadmap=roadmap)
    form = _form(preview, request.POST)
    # What was sent from a page that has grown old is refused as such: its questions may be others now.
    if not form.is_valid() and form.data.get("seen") == preview.fingerprint:
        return _render(request, roadmap, form=form, status=INVALID)
    seen = form.cleaned_data.get("seen", "")
    try:
        done = approve(roadmap=roadmap, by=person(request), now=timezone.now(), seen=seen, **form.choice())
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
        return _after_refusal(request, pk)
    messages.success(request, said_of(done))
    return redirect(roadmap)


@require_http_methods(["GET", "POST"])
def start_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry an edition over to another academic year, or into its own next edition."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not rules.can_carry_over(person(request), roadmap):
        raise PermissionDenied
    initial = {"academic_year": roadmap.academic_year + 1, "order_number": roadmap.order_number}
    form = CarryOverForm(request.POST or None, initial=initial, roadmap=roadmap, today=roadmap.region.today())
    if request.method == "POST" and form.is_valid():
        try:
            start = renew if roadmap.is_own else carry_over
            copy = start(roadmap=roadmap, by=person(request), now=timezone.now(), **form.cleaned_data)
        except RoadmapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if copy.academic_year != roadmap.academic_year:
                messages.success(request, "Проект подготовлен: годы и даты сдвинуты. Проверьте каждый срок.")
                return redirect("roadmap:moved_dates", pk=copy.pk)
            messages.success(request, "Проект новой редакции подготовлен. Внесите изменения и утвердите.")
            return redirect("roadmap:draft", pk=copy.pk)
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/carry_over.html", {"form": form, "roadmap": roadmap}, status=status)


def said_of(done: Approval) -> str:
    """Tell what approving did."""
    orders = ("поручение", "поручения", "поручений")
    parts = [f"Дорожная карта утверждена. Создано: {counted(done.created, *orders)}."]
    if done.kept:
        parts.append(f"Продолжают действовать из прежней редакции: {counted(done.kept, *orders)}.")
    if done.moved:
        parts.append(f"Новый срок получили: {counted(done.moved, *orders)}.")
    if done.cancelled:
        parts.append(f"Снято: {counted(done.cancelled, *orders)}.")
    return " ".join(parts)


def _after_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what has become of the draft: changed, approved by another person, or gone."""
    now = Roadmap.objects.select_related("region", "owner", "parent__owner").filter(pk=pk).first()
    if now is None:
        return redirect("roadmap:list")
    return _render(request, now, status=CONFLICT) if now.is_draft else redirect(now)


def _choices(preview: ApprovalPreview) -> list[tuple[str, str]]:
    """Word what may become of other orders in force, each with its counts; nothing where there are none."""
    orders = ("поручение", "поручения", "поручений")
    choices = []
    for one in preview.beside:
        whom = "его" if len(preview.beside) == 1 else one.roadmap.order_label
        parts = [
            f"новых поручений\u00a0— {figure(one.fresh)}",
            f"сохранят состояние\u00a0— {figure(one.affected.kept)}",
        ]
        if one.affected.moved:
            parts.append(f"из них с\u00a0новым сроком\u00a0— {figure(one.affected.moved)}")
        parts.append(f"снимем\u00a0— {figure(one.affected.cancelled)}")
        if one.affected.handed_in:
            parts.append(f"из них уже сдано и ждёт проверки\u00a0— {figure(one.affected.handed_in)}")
        choices.append((str(one.roadmap.pk), f"Заменить {whom}: {', '.join(parts)}"))
    if choices:
        both = "оба" if len(choices) == 1 else "все"
        added = counted(preview.obligations, *orders)
        choices.append((ApprovalForm.ADD, f"Добавить: действуют {both}. К\u00a0прежним прибавится {added}"))
    return choices


def _late(preview: ApprovalPreview) -> int:
    """How many obligations would be overdue at once; of the region's own, which may come long after their dates, none.

    Whoever sets an earlier date below the region makes people late who were in time.
    """
    roadmap = preview.roadmap
    return preview.late(roadmap.region.today()) if roadmap.is_own else 0


def _form(preview: ApprovalPreview, sent: QueryDict | None = None) -> ApprovalForm:
    return ApprovalForm(
        sent,
        initial={"seen": preview.fingerprint},
        beside=_choices(preview),
        late=_late(preview),
        newer=preview.newer(),
        auto_id="id_%s",
    )


def _render(
    request: HttpRequest, roadmap: Roadmap, *, form: ApprovalForm | None = None, status: int = 200
) -> HttpResponse:
    preview = preview_approval(roadmap=roadmap)
    today = roadmap.region.today()
    context = {
        "roadmap": roadmap,
        "preview": preview,
        "form": form or _form(preview),
        "overdue": 0 if roadmap.is_own else preview.overdue(today),
        "overdue_kept": preview.overdue_kept(today),
        "late": _late(preview),
        "newer": preview.newer(),
        "proposed": preview.unaccepted(today),
        "how_to_change": how_to_change(roadmap),
    }
    return render(request, "roadmap/approve.html", context, status=status)
