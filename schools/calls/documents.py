"""The list of calls for Excel, and letters to municipalities for Word, as documents that ``exports`` writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings

from accounts import russian
from accounts.models import Organization, OrganizationKind, Region, User
from accounts.roles import Role
from accounts.working_days import add_working_days
from exports.documents import Column, ColumnKind, Document, Figure, OfficialLetter, Row, RowKind, Table
from exports.models import ExportFormat
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request
from schools.calls.actions import signatory_of
from schools.calls.forms import CallFilterForm
from schools.calls.overdue import CallFilters, Debtor, debtors, describe, municipalities_with_debts, overdue_of

LIST_TITLE = "Кому позвонить: просроченные поручения"
LETTER_TITLE = "Письма о просроченных поручениях"
ACT_WITHIN = 3
CHUNK = 500
NBSP = russian.NBSP


def region_to_call(user: User) -> Region | None:
    """Return the region in which the user may call: of their ministry, or of the municipality they coordinate."""
    seats = [one for one in user.active_memberships if one.role in (Role.MINISTRY, Role.COORDINATOR)]
    return seats[0].organization.region if seats else None


def ministry_of(user: User) -> Organization | None:
    """Return the ministry in whose name the user writes letters."""
    seats = [one for one in user.active_memberships if one.role == Role.MINISTRY]
    return seats[0].organization if seats else None


# --- the list ---------------------------------------------------------------------------------
def clean_list(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order of the list: its filters, within the person's sight."""
    region = region_to_call(user)
    if region is None:
        raise OutOfScope("Такого отчёта нет.")
    visible = Organization.objects.visible_to(user).filter(region=region)
    parents = [(pk, name) for pk, name in visible.values_list("pk", "short_name")]
    chosen = CallFilterForm(sent, parents=parents).chosen()
    return Request(region, asdict(chosen), LIST_TITLE)


def build_list(
    *, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress
) -> Document:
    """Lay the list out as a table; reads only what ``user`` may see."""
    if region_to_call(user) != region:
        raise ReportUnavailable("Этот список строят министерство и муниципальные координаторы.")
    moment = region.local(now)
    filters = CallFilters(**parameters)
    overdue = overdue_of(user, region, moment.date())
    progress(10, "Ищем просроченные поручения")
    found = _all(debtors(overdue, region=region, today=moment.date(), filters=filters), overdue, moment.date(), filters)
    rows = [_list_row(one) for one in found]
    columns = (
        Column("Организация", width=38),
        Column("Кому подотчётна", width=24),
        Column("Кому звонить", width=32),
        Column("Телефон", width=20),
        Column("Просрочено поручений", ColumnKind.NUMBER, 13),
        Column("Дней, самое давнее", ColumnKind.NUMBER, 11),
        Column("Мероприятия", width=30),
        Column("Звонили", ColumnKind.DATE, 12),
        Column("Кто и о чём договорились", width=40),
    )
    return Document(
        title=LIST_TITLE,
        subtitle=f"на {russian.day(moment.date())}",
        facts=(("Субъект РФ", region.name),),
        figures=(
            Figure("Организаций", len(rows)),
            Figure("Просроченных поручений", sum(len(one.debts) for one in found)),
        ),
        charts=(),
        tables=(Table("Кому позвонить", columns, rows),),
        cut_off=moment,
        filename=f"Кому позвонить, {moment:%d.%m.%Y}",
    )


def _list_row(debtor: Debtor) -> Row:
    """A row of the list."""
    organization, call = debtor.organization, debtor.last_call
    names = [", ".join(part for part in (one.name, one.post) if part) for one in debtor.contacts]
    return Row(
        (
            organization.short_name,
            organization.parent.short_name if organization.parent else "",
            "; ".join(names),
            "; ".join(one.phone for one in debtor.contacts if one.phone),
            len(debtor.debts),
            debtor.longest,
            ", ".join(dict.fromkeys(debt.label for debt in debtor.debts)),
            call.day() if call else None,
            f"{call.by}: {call.note}" if call and call.note else str(call.by) if call else "",
        )
    )


def _all(organizations: Iterable[Organization], overdue: Any, today: date, filters: CallFilters) -> list[Debtor]:
    """Describe all organizations, some hundred at a time."""
    rows = list(organizations)
    return [
        debtor
        for start in range(0, len(rows), CHUNK)
        for debtor in describe(rows[start : start + CHUNK], overdue, today=today, filters=filters)
    ]


# --- letters ----------------------------------------------------------------------------------
def clean_letters(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order of letters: ``act_by``, and perhaps ``municipality`` by its id; without it, to all."""
    ministry = ministry_of(user)
    if ministry is None:
        raise OutOfScope("Такого отчёта нет.")
    parameters: dict[str, Any] = {"municipality": None}
    title = f"{LETTER_TITLE}: все муниципалитеты"
    if chosen := str(sent.get("municipality") or ""):
        municipality = _municipality(user, ministry.region, chosen)
        parameters["municipality"], title = municipality.pk, f"Письмо о просроченных поручениях: {municipality}"
    act_by = str(sent.get("act_by") or "")
    if act_by:
        try:
            parameters["act_by"] = date.fromisoformat(act_by).isoformat()
        except ValueError:
            raise ReportUnavailable(f"«{act_by}» — не дата.") from None
    return Request(ministry.region, parameters, title[:300])


def build_letters(
    *, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress
) -> Document:
    """Write the letters; a municipality none of whose schools is overdue gets none."""
    ministry = ministry_of(user)
    if ministry is None or ministry.region_id != region.pk:
        raise ReportUnavailable("Письма муниципалитетам пишет министерство.")
    moment = region.local(now)
    today = moment.date()
    act_by = (
        date.fromisoformat(parameters["act_by"]) if parameters.get("act_by") else add_working_days(today, ACT_WITHIN)
    )
    overdue = overdue_of(user, region, today)
    wanted = municipalities_with_debts(overdue)
    if parameters.get("municipality"):
        wanted = wanted.filter(pk=parameters["municipality"])
    municipalities = list(wanted)
    if not municipalities:
        raise ReportUnavailable("Писать не о чем: у школ муниципалитета нет просроченных поручений.")
    letters = []
    for number, municipality in enumerate(municipalities):
        progress(100 * number // len(municipalities), f"Пишем письмо: {municipality}")
        schools = overdue.filter(organization__parent=municipality)
        owing = debtors(schools, region=region, today=today, filters=CallFilters())
        found = _all(owing.order_by("short_name", "pk"), schools, today, CallFilters())
        letters.append(
            letter(ministry=ministry, municipality=municipality, owing=found, by=user, today=today, act_by=act_by)
        )
    whose = municipalities[0].short_name if parameters.get("municipality") else "все муниципалитеты"
    return Document(
        title=LETTER_TITLE,
        subtitle="",
        facts=(),
        figures=(),
        charts=(),
        tables=(),
        cut_off=moment,
        filename=f"Письмо о просроченных поручениях, {whose}, {today:%d.%m.%Y}".replace("/", "-"),
        letters=letters,
    )


def letter(
    *,
    ministry: Organization,
    municipality: Organization,
    owing: Sequence[Debtor],
    by: User,
    today: date,
    act_by: date,
) -> OfficialLetter:
    """Word one letter: what is overdue at whom, what is asked by when."""
    debts = [debt for debtor in owing for debt in debtor.debts]
    bases = "; ".join(dict.fromkeys(debt.basis for debt in debts))
    counted = russian.counted(len(debts), "поручение", "поручения", "поручений")
    where = russian.counted(len(owing), "организации", "организаций", "организаций")
    post, name = signatory_of(ministry)
    return OfficialLetter(
        sender=ministry.name,
        sender_details=_details(ministry),
        addressee=municipality.addressee.splitlines() or [municipality.name],
        subject="О просроченных поручениях регионального плана-графика («дорожной карты») профориентационного минимума",
        paragraphs=(
            (
                f"По данным портала «{settings.PORTAL_NAME}» на{NBSP}{russian.day(today)} в{NBSP}подведомственных вам "
                f"образовательных организациях не{NBSP}исполнены в{NBSP}срок мероприятия регионального плана-графика "
                f"(«дорожной карты») профориентационного минимума (основание: {bases}). "
                f"Всего просрочено {counted} у{NBSP}{where}:"
            ),
        ),
        table=Table(
            "Просроченные поручения",
            (
                Column("№ п/п", ColumnKind.NUMBER, 7),
                Column("Мероприятие", width=70),
                Column("Срок", ColumnKind.DATE, 15),
                Column("Просрочено, дней", ColumnKind.NUMBER, 16),
            ),
            list(_letter_rows(owing)),
        ),
        closing=(
            (
                f"Просим в{NBSP}срок до{NBSP}{russian.day(act_by)} включительно обеспечить исполнение указанных "
                f"мероприятий и{NBSP}представление подтверждающих материалов на{NBSP}портале «{settings.PORTAL_NAME}»."
            ),
            f"О{NBSP}причинах неисполнения и{NBSP}принятых мерах просим сообщить в{NBSP}тот{NBSP}же срок.",
        ),
        signatory_post=post,
        signatory_name=name,
        executor=", ".join(part for part in (by.get_full_name(), by.phone and f"тел.{NBSP}{by.phone}") if part),
    )


def _letter_rows(owing: Sequence[Debtor]) -> Iterator[Row]:
    """Each organization once, by the name people know it by, and below it what it is overdue on."""
    number = 0
    for debtor in owing:
        yield Row((debtor.organization.short_name,), RowKind.GROUP)
        for debt in debtor.debts:
            number += 1
            yield Row((number, f"{debt.number} {' '.join(debt.title.split())}", debt.due_on, debt.days))


def _details(ministry: Organization) -> list[str]:
    """The lines below the ministry's name, as far as they are known."""
    reach = [f"тел. {ministry.phone}" if ministry.phone else "", ministry.email, ministry.site]
    lines = [
        ministry.postal_address,
        ", ".join(part for part in reach if part),
        f"ИНН {ministry.inn}" if ministry.inn else "",
    ]
    return [line for line in lines if line]


def _municipality(user: User, region: Region, sent: str) -> Organization:
    """Find a municipality by its id; raises OutOfScope."""
    visible = Organization.objects.visible_to(user).filter(region=region, kind=OrganizationKind.MUNICIPALITY)
    # Beyond what a key column holds the databases themselves would fail.
    found = visible.filter(pk=int(sent)).first() if sent.isdecimal() and len(sent) < 19 else None
    if found is None:
        raise OutOfScope("Муниципалитет не найден.")
    return found


CALL_LIST = Report("call_list", LIST_TITLE, clean_list, build_list, frozenset({ExportFormat.XLSX}))
OVERDUE_LETTERS = Report("overdue_letters", LETTER_TITLE, clean_letters, build_letters, frozenset({ExportFormat.DOCX}))
