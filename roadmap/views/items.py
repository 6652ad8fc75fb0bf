"""Items of a draft: correct one with its reading in view, add one, drop one; and date one in force."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.russian import counted
from obligations.models import RequirementForm
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import (
    BodyKey,
    ItemText,
    RoadmapRefused,
    add_item,
    body_directory,
    correct_item,
    date_item,
    delete_item,
    level_dates,
    near_names,
    read_bodies,
    set_form,
    settle_doubts,
)
from roadmap.deadlines import explain, parse
from roadmap.forms import BodyForm, ClosingFormForm, DatesForm, ItemForm
from roadmap.models import Item, Roadmap
from roadmap.views.access import INVALID, closed, get_item, get_roadmap, how_to_change
from roadmap.views.drafts import explain_body, get_section, nameable

INHERITED_FIELDS = ("number", "title", "expected_result", "form")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an item; «Как портал это поймёт» reads the words without saving them."""
    item = get_item(request, pk, to_manage=True)
    roadmap = item.section.roadmap
    if not roadmap.is_draft:
        return closed(request, roadmap)
    if request.method != "POST":
        return _render(request, roadmap, _form_of(item), item)
    form = _form_of(item, _sent(request, roadmap))
    if form.is_valid() and _is_final(request):
        try:
            correct_item(item=item, words=_words_of(form, item), by=person(request))
        except RoadmapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Мероприятие {item.number} исправлено.")
            return redirect("roadmap:draft", pk=roadmap.pk)
    return _render(request, roadmap, form, item)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """Add an item to a section of a draft."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    section = get_section(roadmap, section_pk)
    if request.method != "POST":
        return _render(request, roadmap, ItemForm())
    form = ItemForm(_sent(request, roadmap))
    if form.is_valid() and _is_final(request):
        try:
            item = add_item(section=section, words=form.words(), by=person(request))
        except RoadmapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Мероприятие {item.number} добавлено.")
            return redirect("roadmap:draft", pk=roadmap.pk)
    return _render(request, roadmap, form)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop an item from a draft."""
    item = get_item(request, pk, to_manage=True)
    roadmap = item.section.roadmap
    if not roadmap.is_draft:
        return closed(request, roadmap)
    try:
        delete_item(item=item, by=person(request))
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Мероприятие {item.number} исключено из проекта.")
    return redirect("roadmap:draft", pk=roadmap.pk)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Wave the doubts of an item through and go on in the list where it stood: at the next one in doubt."""
    item = get_item(request, pk, to_manage=True)
    roadmap = item.section.roadmap
    if not roadmap.is_draft:
        return closed(request, roadmap)
    if not rules.can_settle(item):
        messages.error(request, f"Мероприятие {item.number}: сначала исправьте то, что в нём не распознано.")
        return redirect("roadmap:item_edit", pk=item.pk)
    following = _next_doubtful(roadmap, item)
    try:
        settle_doubts(item=item, by=person(request))
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Мероприятие {item.number}: отметка снята.")
    return redirect(f"{reverse('roadmap:draft', args=[roadmap.pk])}#item-{following.number}")


@require_http_methods(["GET", "POST"])
def set_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the dates of an item in force that its order left to a separate plan."""
    item = get_item(request, pk, to_manage=True)
    if not rules.can_date(person(request), item):
        if item.is_dated:
            messages.error(request, f"Сроки этого мероприятия уже назначены. {how_to_change(item.section.roadmap)}")
            return redirect(item)
        raise PermissionDenied
    form = DatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            created = date_item(item=item, dates=form.cleaned_data["dates"], by=person(request), now=timezone.now())
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
        else:
            orders = counted(created, "поручение", "поручения", "поручений")
            messages.success(request, f"Сроки назначены. Роздано: {orders}.")
        return redirect(item)
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/item_dates.html", {"form": form, "item": item}, status=status)


@require_http_methods(["GET", "POST"])
def choose_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what closes the obligations of an item in force."""
    item = get_item(request, pk, to_manage=True)
    if not rules.can_set_form(person(request), item):
        raise PermissionDenied
    form = ClosingFormForm(request.POST or None, initial={"form": item.form})
    if request.method == "POST" and form.is_valid():
        chosen = RequirementForm(form.cleaned_data["form"] or RequirementForm.EVIDENCE)
        try:
            set_form(item=item, form=chosen, by=person(request))
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Мероприятие {item.number} закрывается так: {chosen.label.lower()}.")
        return redirect(item)
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/item_closing.html", {"form": form, "item": item}, status=status)


def _is_final(request: HttpRequest) -> bool:
    """The item is to be saved, not just looked at again."""
    return not {"check", "map"} & request.POST.keys()


def _sent(request: HttpRequest, roadmap: Roadmap) -> QueryDict:
    """What was typed, with the name explained that a suggestion was pressed for: nothing of the rest is lost.

    A regional draft remembers who is meant. An own one, which remembers nothing, has the known name put in its place.
    """
    sent = request.POST.copy()
    target, _, text = sent.get("map", "").partition("|")
    if not text:
        return sent
    chosen = BodyForm({"text": text, "target": target}, organizations=nameable(roadmap))
    if not chosen.is_valid():
        messages.error(request, "Эту организацию здесь поручением не назвать. Выберите другую или поправьте слова.")
    elif roadmap.is_own:
        named = BodyKey(chosen.organization, chosen.group).label
        sent["bodies_text"] = sent.get("bodies_text", "").replace(text, named)
        messages.info(request, f"«{text}» заменено на «{named}». Мероприятие ещё не сохранено.")
    else:
        explain_body(request, roadmap, chosen)
        messages.info(request, "Мероприятие ещё не сохранено: проверьте и сохраните.")
    return sent


def _form_of(item: Item, sent: QueryDict | None = None) -> ItemForm:
    """Make the form of an item; of an inherited one only dates and bodies may be changed."""
    form = ItemForm(sent, initial=_initial(item), item=item)
    for name in INHERITED_FIELDS if item.is_inherited else ():
        form.fields[name].disabled = True
    return form


def _words_of(form: ItemForm, item: Item) -> ItemText:
    """Take what was filled in; what an item inherits stays as it is to the letter."""
    words = form.words()
    if not item.is_inherited:
        return words
    return replace(words, number=item.number, title=item.title, expected_result=item.expected_result, form=None)


def _next_doubtful(roadmap: Roadmap, item: Item) -> Item:
    """The doubtful item behind this one in the list; else the one before it; else itself, wherever it stands now."""
    items = Item.objects.filter(section__roadmap=roadmap).prefetch_related("occurrences", "bodies")
    doubtful = [one for one in items if one.pk == item.pk or rules.is_doubtful(one)]
    place = doubtful.index(item)
    around = [*doubtful[place + 1 :], *reversed(doubtful[:place]), item]
    return around[0]


def _initial(item: Item) -> dict[str, str]:
    """Fill the form of an item; dates stand in their own field when the words do not say them."""
    read = parse(item.deadline_text, item.section.roadmap.academic_year)
    return ItemForm.initial_of(item, set_by_person=item.schedule.occurrences != read.occurrences)


def _render(request: HttpRequest, roadmap: Roadmap, form: ItemForm, item: Item | None = None) -> HttpResponse:
    """Draw the form with the reading of what stands in it now."""
    deadline = str(form["deadline_text"].value() or "")
    bodies = str(form["bodies_text"].value() or "")
    owner = None if item and item.is_inherited else roadmap.owner
    directory = body_directory(roadmap.region, owner)
    read = read_bodies(bodies, directory)
    context = {
        "form": form,
        "item": item,
        "roadmap": roadmap,
        "unknown": [(body.text, near_names(body.text, directory)) for body in read if not body.is_resolved],
        "reading": explain(parse(deadline, roadmap.academic_year)) if deadline else "",
        "bodies": read,
        "level_dates": level_dates(roadmap, today=roadmap.region.today(), item=item) if item else [],
    }
    status = INVALID if form.is_bound and not form.is_valid() else 200
    return render(request, "roadmap/item_form.html", context, status=status)
