"""Actions on roadmaps: reading an order in, correcting it, approving it, its next editions and years."""

from datetime import date, timedelta

import pytest

from accounts.models import BodyAlias, Organization, OrganizationTrait, Region, Trait, User
from obligations.fan_out import fan_out, reconcile
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import State
from obligations.workflow import advance
from roadmap.actions import (
    ItemText,
    RoadmapRefused,
    add_item,
    approve,
    carry_over,
    correct_header,
    correct_item,
    date_item,
    delete_draft,
    delete_item,
    fingerprint,
    plan_edition,
    preview_approval,
    remember_alias,
    save_draft_once,
    shift_years,
)
from roadmap.imports.reader import read_roadmap
from roadmap.models import Item, Roadmap, RoadmapState
from roadmap.rules import is_doubtful
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MINISTRY, MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of, row_counts

LATER = NOW + timedelta(days=30)


def words_of(item: Item, **changes: object) -> ItemText:
    """The words of an item with some of them changed."""
    words = {
        "number": item.number,
        "title": item.title,
        "deadline_text": item.deadline_text,
        "bodies_text": "\n".join(body.text for body in item.bodies.all()),
        "expected_result": item.expected_result,
    }
    return ItemText(**(words | changes))  # type: ignore[arg-type]


def states() -> dict[str, str]:
    """Every obligation in force or not: «3.2 Школа Бондарская 2023-10-20» and its state."""
    rows = Obligation.objects.select_related("requirement", "organization")
    return {f"{row.requirement.number} {row.organization} {row.due_on}": row.state for row in rows}


def hand_in(obligation: Obligation, by: User) -> None:
    """Submit with a note."""
    advance(obligation=obligation, act="submit", by=by, at=NOW, note="Исполнено")  # type: ignore[arg-type]


# --- reading in -------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_read_and_what_is_to_be_looked_at(ministry: Organization) -> None:
    roadmap = draft_of(ministry.region)
    items = {item.number: item for item in Item.objects.filter(section__roadmap=roadmap)}
    assert list(items) == ["1.1", "1.2", "3.1", "3.2", "3.3"]
    assert [section.number for section in roadmap.sections.all()] == ["1", "3"]
    assert roadmap.edition == 1
    assert roadmap.state == RoadmapState.DRAFT
    assert items["1.1"].bodies.get().organization == ministry
    assert items["3.2"].bodies.get().group == "schools"
    assert items["3.1"].occurrences.get().label == "01.07.2023\u00a0— 31.07.2023"
    assert [number for number, item in items.items() if is_doubtful(item)] == ["3.1", "3.3"]
    assert not items["1.2"].is_dated


def test_planning_reads_everything_and_writes_nothing(ministry: Organization) -> None:
    before = row_counts()
    plan = plan_edition(
        region=ministry.region, draft=read_roadmap(order_of(("3.1", "А", "Ежемесячно", SCHOOLS))), academic_year=2023
    )
    assert [len(item.schedule.occurrences) for item in plan.items] == [9]
    assert row_counts() == before


def test_the_same_text_is_saved_once_whatever_its_line_ends(ministry: Organization, anna: User) -> None:
    text = order_of(("3.1", "Самодиагностика", "Июль 2023 г.", SCHOOLS))

    def save(variant: str) -> tuple[Roadmap, bool]:
        return save_draft_once(
            region=ministry.region,
            draft=read_roadmap(variant),
            academic_year=2023,
            order_number="2381",
            order_date=date(2023, 8, 25),
            source_text=variant,
            by=anna,
            now=NOW,
        )

    first, created = save(text)
    again, created_again = save(text.replace("\n", "\r\n") + "\r\n\r\n")
    assert (created, created_again, again) == (True, False, first)
    changed, created_changed = save(text.replace("Самодиагностика", "Диагностика"))
    assert (created_changed, changed.edition) == (True, 2)
    approve(roadmap=first, by=anna, now=NOW)
    approve(roadmap=changed, by=anna, now=NOW)
    back, created_back = save(text)
    assert (created_back, back.edition) == (True, 3), "going back to a superseded text is an edition of its own"


def test_slipped_cells_are_refused_before_anything_is_saved(ministry: Organization) -> None:
    text = order_of(
        ("3.1", "Первое", "Июль 2023 г.", SCHOOLS),
        ("3.2", "Второе", "До 20.10.2023 " * 30, SCHOOLS),
    )
    before = row_counts()
    with pytest.raises(RoadmapRefused, match=r"Строка\u00a04, мероприятие 3\.2: срок длиннее 300 знаков"):
        draft_of(ministry.region, text)
    assert row_counts() == before


def test_a_text_of_a_thousand_items_is_no_roadmap(ministry: Organization) -> None:
    text = order_of(*((f"3.{n}", f"Мероприятие {n}", "Постоянно", SCHOOLS) for n in range(1, 1001)))
    plan = plan_edition(region=ministry.region, draft=read_roadmap(text), academic_year=2023)
    assert plan.refusals == ["В тексте 1000 мероприятий: больше 500 в одной дорожной карте не бывает."]


# --- correcting -------------------------------------------------------------------------------


def test_corrected_words_are_read_anew_and_the_doubt_is_settled(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    item = item_of(roadmap, "3.3")
    words = words_of(item, deadline_text="Ежемесячно", bodies_text=f"{SCHOOLS}\n{MUNICIPALITIES}")
    correct_item(item=item, words=words, by=anna)
    item = item_of(roadmap, "3.3")
    assert item.schedule_kind == "recurring"
    assert item.occurrences.count() == 9
    assert [body.group for body in item.bodies.all()] == ["schools", "municipalities"]
    assert not is_doubtful(item)


def test_dates_of_a_person_stand_over_the_words(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    item = item_of(roadmap, "3.3")
    dates = [(None, date(2023, 11, 1)), (date(2023, 12, 1), date(2023, 12, 20))]
    correct_item(item=item, words=words_of(item, dates=dates), by=anna)
    item = item_of(roadmap, "3.3")
    assert [occurrence.label for occurrence in item.occurrences.all()] == ["01.11.2023", "01.12.2023\u00a0— 20.12.2023"]
    assert item.schedule_kind == "unresolved", "the words mean no more than before"
    assert not is_doubtful(item)
    correct_item(item=item, words=words_of(item, deadline_text="До 25.12.2023 г."), by=anna)
    assert [occurrence.due_on for occurrence in item_of(roadmap, "3.3").occurrences.all()] == [date(2023, 12, 25)]


def test_a_number_belongs_to_one_item(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    item = item_of(roadmap, "3.3")
    with pytest.raises(RoadmapRefused, match=r"с номером 3\.2 в этой редакции уже есть"):
        correct_item(item=item, words=words_of(item, number="3.2"), by=anna)
    with pytest.raises(RoadmapRefused, match=r"с номером 3\.2"):
        add_item(section=item.section, words=words_of(item, number="3.2"), by=anna)


def test_items_are_added_and_taken_out(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    section = item_of(roadmap, "3.3").section
    delete_item(item=item_of(roadmap, "3.2"), by=anna)
    added = add_item(section=section, words=words_of(item_of(roadmap, "3.3"), number="3.4", title="Новое"), by=anna)
    assert [item.number for item in section.items.all()] == ["3.1", "3.3", "3.4"]
    assert added.number_sort == "0003.0004"


def test_the_head_is_corrected_and_counted_among_editions_of_its_order(ministry: Organization, anna: User) -> None:
    draft_of(ministry.region, order_number="2400")
    roadmap = draft_of(ministry.region)
    correct_header(roadmap=roadmap, order_number="2400", order_date=date(2023, 9, 1), title="Иная", by=anna)
    roadmap.refresh_from_db()
    assert (roadmap.order_number, roadmap.edition, roadmap.title) == ("2400", 2, "Иная")


def test_an_approved_edition_is_closed_for_correction(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    item = item_of(roadmap, "3.2")
    approve(roadmap=roadmap, by=anna, now=NOW)
    before = row_counts()
    closed = "утверждена и закрыта для правки"
    with pytest.raises(RoadmapRefused, match=closed):
        correct_item(item=item, words=words_of(item, title="Другое"), by=anna)
    with pytest.raises(RoadmapRefused, match=closed):
        delete_item(item=item, by=anna)
    with pytest.raises(RoadmapRefused, match=closed):
        delete_draft(roadmap=roadmap, by=anna)
    with pytest.raises(RoadmapRefused, match=closed):
        correct_header(roadmap=roadmap, order_number="1", order_date=date(2023, 9, 1), title="Иная", by=anna)
    assert row_counts() == before
    assert item_of(roadmap, "3.2").title == "Приказ о реализации профминимума"


# --- who is meant -----------------------------------------------------------------------------


def test_a_name_mapped_once_is_known_in_every_draft_and_in_the_next_text(ministry: Organization, anna: User) -> None:
    first, second = draft_of(ministry.region), draft_of(ministry.region, order_number="2400")
    body = item_of(second, "3.1").bodies.get()
    body.text = "ВСЕ ШКОЛЫ ОБЛАСТИ."
    body.save()
    resolved = remember_alias(
        region=ministry.region, text="Все школы области", organization=None, group="schools", by=anna
    )
    assert resolved == 2
    assert item_of(first, "3.1").bodies.get().group == "schools"
    assert item_of(second, "3.1").bodies.get().group == "schools"
    assert item_of(draft_of(ministry.region, order_number="2500"), "3.1").bodies.get().group == "schools"


def test_a_name_is_mapped_anew_without_a_second_alias(
    ministry: Organization, operator: Organization, anna: User
) -> None:
    region = ministry.region
    remember_alias(region=region, text="Институт «Развитие»", organization=None, group="schools", by=anna)
    remember_alias(region=region, text="институт Развитие", organization=operator, group="", by=anna)
    assert [(alias.text, alias.organization) for alias in BodyAlias.objects.filter(region=region)] == [
        ("институт Развитие", operator)
    ]


def test_an_alias_leads_to_one_body_of_the_own_region(
    ministry: Organization, stranger_ministry: Organization, anna: User
) -> None:
    region = ministry.region
    with pytest.raises(RoadmapRefused, match="другому субъекту"):
        remember_alias(region=region, text="Школы", organization=stranger_ministry, group="", by=anna)
    with pytest.raises(RoadmapRefused, match="Выберите"):
        remember_alias(region=region, text="Школы", organization=None, group="", by=anna)
    with pytest.raises(RoadmapRefused, match="Выберите"):
        remember_alias(region=region, text="Школы", organization=ministry, group="schools", by=anna)
    with pytest.raises(RoadmapRefused, match="слишком длинный"):
        remember_alias(region=region, text="Школы " * 60, organization=ministry, group="", by=anna)
    assert not BodyAlias.objects.exists()


def test_a_federal_ministry_is_not_taken_for_the_regional_one(ministry: Organization) -> None:
    ministry.short_name = "Министерство образования и науки"
    ministry.save()
    text = order_of(("3.1", "А", "Июль 2023 г.", "Министерство образования и науки Российской Федерации"))
    assert not item_of(draft_of(ministry.region, text), "3.1").bodies.get().is_resolved


# --- approving --------------------------------------------------------------------------------


@pytest.fixture
def four_schools(
    bondarskaya: Organization, pakhotnaya: Organization, morshanskaya: Organization, lyceum: Organization
) -> list[Organization]:
    """All schools of the cast."""
    return [bondarskaya, pakhotnaya, morshanskaya, lyceum]


def test_the_preview_says_what_approving_then_does(
    ministry: Organization, four_schools: list[Organization], anna: User
) -> None:
    closed_school, in_project, *_ = four_schools
    closed_school.is_active = False
    closed_school.save()
    OrganizationTrait.objects.create(organization=in_project, academic_year=2023, trait=Trait.TICKET_TO_FUTURE)
    text = order_of(
        ("3.1", "Одни школы", "До 20.10.2023 г.", SCHOOLS),
        ("3.2", "Школы и муниципалитеты", "До 20.10.2023 г., до 20.11.2023 г.", f"{SCHOOLS} {MUNICIPALITIES}"),
        ("3.3", "Министерство", "Июль 2023 г.", MINISTRY),
        ("3.4", "Вне проекта", "До 30.10.2023 г.", "Общеобразовательные организации — не участники «Билета в будущее»"),
        ("3.5", "Без даты", "По отдельному плану", SCHOOLS),
        (
            "3.6",
            "Вперемешку",
            "До 30.10.2023 г.",
            f"{SCHOOLS} Общеобразовательные организации — не участники «Билета в будущее»",
        ),
        ("3.7", "Чьё-то", "До 30.10.2023 г.", "Совет старшеклассников"),
    )
    roadmap = draft_of(ministry.region, text)
    before = row_counts()
    preview = preview_approval(roadmap=roadmap)
    assert row_counts() == before
    assert {row.item.number: row.obligations for row in preview.items} == {
        "3.1": 3, "3.2": 10, "3.3": 1, "3.4": 2, "3.5": 0, "3.6": 3, "3.7": 0,
    }  # fmt: skip
    assert [(reach.reached, reach.closed, reach.with_trait) for reach in preview.reaches] == [
        (3, 1, 0), (2, 0, 0), (1, 0, 0), (2, 1, 1),
    ]  # fmt: skip
    assert [item.number for item in preview.undated] == ["3.5"]
    assert [(row.item.number, row.unresolved) for row in preview.unresolved] == [("3.7", ["Совет старшеклассников"])]
    done = approve(roadmap=roadmap, by=anna, now=NOW, seen=preview.fingerprint)
    assert done.created == preview.obligations == Obligation.objects.count() == 19
    assert (roadmap.state, roadmap.approved_by, roadmap.approved_at) == (RoadmapState.APPROVED, anna, NOW)


def test_a_requirement_carries_the_words_of_the_order(
    ministry: Organization, bondarskaya: Organization, anna: User
) -> None:
    roadmap = draft_of(ministry.region)
    approve(roadmap=roadmap, by=anna, now=NOW)
    requirement = item_of(roadmap, "3.2").occurrences.get().requirement
    assert requirement is not None
    assert (requirement.number, requirement.number_sort) == ("3.2", "0003.0002")
    assert requirement.section_title == "Школы"
    assert requirement.expected_result == "Приказ утверждён"
    assert requirement.basis == "приказ №\u00a02381 от\u00a025.08.2023"
    assert requirement.deadline_text == "До 20.10.2023 г."
    assert requirement.due_on == date(2023, 10, 20)
    assert requirement.obligations.get().organization == bondarskaya


def test_approving_twice_is_refused_and_fanning_out_twice_changes_nothing(
    ministry: Organization, four_schools: list[Organization], anna: User
) -> None:
    roadmap = draft_of(ministry.region)
    approve(roadmap=roadmap, by=anna, now=NOW)
    after = states()
    with pytest.raises(RoadmapRefused, match="уже утверждена"):
        approve(roadmap=roadmap, by=anna, now=LATER)
    assert fan_out(requirements=list(Requirement.objects.all()), by=anna, at=LATER) == 0
    assert states() == after


def test_a_draft_that_changed_meanwhile_is_not_approved_blindly(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    seen = preview_approval(roadmap=roadmap).fingerprint
    item = item_of(roadmap, "3.2")
    correct_item(item=item, words=words_of(item, deadline_text="До 21.10.2023 г."), by=anna)
    with pytest.raises(RoadmapRefused, match="проект изменился"):
        approve(roadmap=roadmap, by=anna, now=NOW, seen=seen)
    assert not Obligation.objects.exists()
    approve(roadmap=roadmap, by=anna, now=NOW, seen=fingerprint(roadmap))


def test_repeated_numbers_are_refused(ministry: Organization, anna: User) -> None:
    text = order_of(("3.1", "Первое", "Июль 2023 г.", SCHOOLS), ("3.1", "Второе", "Июль 2023 г.", SCHOOLS))
    roadmap = draft_of(ministry.region, text)
    assert preview_approval(roadmap=roadmap).refusals
    with pytest.raises(RoadmapRefused, match=r"Номера повторяются: 3\.1"):
        approve(roadmap=roadmap, by=anna, now=NOW)


def test_a_deleted_draft_is_not_approved(ministry: Organization, anna: User) -> None:
    roadmap = draft_of(ministry.region)
    delete_draft(roadmap=Roadmap.objects.get(pk=roadmap.pk), by=anna)
    with pytest.raises(RoadmapRefused, match="Проект удалён"):
        approve(roadmap=roadmap, by=anna, now=NOW)


# --- the next edition -------------------------------------------------------------------------

FIRST = (
    ("3.1", "Диагностика готовности школы", "До 10.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.10.2023 г.", SCHOOLS),
    ("3.3", "Рабочая группа в школе", "До 30.10.2023 г.", SCHOOLS),
)


@pytest.fixture
def in_force(ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization, anna: User) -> Roadmap:
    """The first edition with two schools, approved."""
    roadmap = draft_of(ministry.region, order_of(*FIRST))
    approve(roadmap=roadmap, by=anna, now=NOW)
    return roadmap


def test_a_new_edition_keeps_states_and_cancels_what_it_leaves_out(
    in_force: Roadmap,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    elena: User,
    ivan: User,
    boris: User,
    anna: User,
) -> None:
    owed = {
        (row.requirement.number, row.organization): row
        for row in Obligation.objects.select_related("requirement", "organization__region")
    }
    hand_in(owed["3.1", bondarskaya], elena)
    hand_in(owed["3.2", bondarskaya], elena)
    advance(obligation=owed["3.2", bondarskaya], act="accept", by=boris, at=NOW)  # type: ignore[arg-type]
    hand_in(owed["3.3", bondarskaya], elena)
    hand_in(owed["3.3", pakhotnaya], ivan)
    advance(obligation=owed["3.3", pakhotnaya], act="accept", by=boris, at=NOW)  # type: ignore[arg-type]
    second = draft_of(in_force.region, order_of(*FIRST[:2], ("3.4", "Сайт школы", "До 1.12.2023 г.", SCHOOLS)))
    preview = preview_approval(roadmap=second)
    assert preview.supersedes == in_force
    assert (preview.kept, preview.cancelled, preview.dropped) == (4, 1, ["3.3 Рабочая группа в школе"])
    done = approve(roadmap=second, by=anna, now=LATER)
    assert (done.created, done.kept, done.cancelled) == (2, 4, 1)
    assert states() == {
        "3.1 Школа Бондарская 2023-10-10": State.SUBMITTED,
        "3.1 Школа Пахотная 2023-10-10": State.OPEN,
        "3.2 Школа Бондарская 2023-10-20": State.ACCEPTED,
        "3.2 Школа Пахотная 2023-10-20": State.OPEN,
        "3.3 Школа Бондарская 2023-10-30": State.CANCELLED,
        "3.3 Школа Пахотная 2023-10-30": State.ACCEPTED,
        "3.4 Школа Бондарская 2023-12-01": State.OPEN,
        "3.4 Школа Пахотная 2023-12-01": State.OPEN,
    }
    step = ReviewStep.objects.filter(obligation=owed["3.3", bondarskaya]).latest("pk")
    assert (step.comment, step.from_state, step.by) == ("Исключено редакцией №\u00a02", State.SUBMITTED, anna)
    in_force.refresh_from_db()
    assert in_force.state == RoadmapState.SUPERSEDED
    assert item_of(second, "3.2").occurrences.get().requirement == owed["3.2", bondarskaya].requirement


def test_what_an_edition_left_out_does_not_come_back_with_the_registry(in_force: Roadmap, anna: User) -> None:
    approve(roadmap=draft_of(in_force.region, order_of(*FIRST[:2])), by=anna, now=NOW)
    after = states()
    factories.SchoolFactory(parent=Organization.objects.get(code="bondarskiy"), short_name="Школа Новая")
    added, cancelled = reconcile(requirements=list(Requirement.objects.all()), by=anna, at=LATER)
    assert (added, cancelled) == (2, 0)
    assert {key: state for key, state in states().items() if "Новая" not in key} == after


def test_a_moved_date_moves_the_obligation_and_not_the_work(
    in_force: Roadmap, bondarskaya: Organization, pakhotnaya: Organization, elena: User, anna: User
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    hand_in(Obligation.objects.get(requirement__number="3.3", organization=bondarskaya), elena)
    later, earlier = (*FIRST[1][:2], "До 10.11.2023 г.", SCHOOLS), (*FIRST[2][:2], "До 17.10.2023 г.", SCHOOLS)
    done = approve(roadmap=draft_of(in_force.region, order_of(FIRST[0], later, earlier)), by=anna, now=NOW)
    assert (done.created, done.kept, done.cancelled) == (0, 6, 0)
    assert states() == {
        "3.1 Школа Бондарская 2023-10-10": State.OPEN,
        "3.1 Школа Пахотная 2023-10-10": State.OPEN,
        "3.2 Школа Бондарская 2023-11-10": State.SUBMITTED,
        "3.2 Школа Пахотная 2023-11-10": State.OPEN,
        # Elena handed in under the later date: nobody becomes late for a date named afterwards.
        "3.3 Школа Бондарская 2023-10-30": State.SUBMITTED,
        "3.3 Школа Пахотная 2023-10-17": State.OPEN,
    }


def test_an_item_put_in_between_does_not_hand_its_neighbours_work_on(
    in_force: Roadmap, bondarskaya: Organization, elena: User, anna: User
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    second = draft_of(
        in_force.region,
        order_of(
            FIRST[0],
            ("3.2", "Договор с работодателем", "До 20.10.2023 г.", SCHOOLS),
            ("3.3", *FIRST[1][1:]),
            ("3.4", *FIRST[2][1:]),
        ),
    )
    approve(roadmap=second, by=anna, now=NOW)
    assert states()["3.3 Школа Бондарская 2023-10-20"] == State.SUBMITTED
    assert states()["3.2 Школа Бондарская 2023-10-20"] == State.OPEN
    assert State.CANCELLED not in states().values()


def test_a_reworded_item_under_its_number_is_the_same_item(
    in_force: Roadmap, bondarskaya: Organization, elena: User, anna: User
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    reworded = ("3.2", "Утверждение приказа о реализации профминимума", *FIRST[1][2:])
    approve(roadmap=draft_of(in_force.region, order_of(FIRST[0], reworded, FIRST[2])), by=anna, now=NOW)
    kept = Obligation.objects.get(requirement__number="3.2", organization=bondarskaya)
    assert (kept.state, kept.requirement.title) == (State.SUBMITTED, "Утверждение приказа о реализации профминимума")


def test_who_is_no_longer_asked_is_released_and_who_is_asked_now_is_added(
    in_force: Roadmap, bondarsky: Organization, anna: User
) -> None:
    second = draft_of(in_force.region, order_of(*FIRST[:2], (*FIRST[2][:3], MUNICIPALITIES)))
    done = approve(roadmap=second, by=anna, now=NOW)
    assert (done.created, done.cancelled) == (1, 2)
    third = {key: state for key, state in states().items() if key.startswith("3.3")}
    assert third == {
        "3.3 Школа Бондарская 2023-10-30": State.CANCELLED,
        "3.3 Школа Пахотная 2023-10-30": State.CANCELLED,
        "3.3 Бондарский 2023-10-30": State.OPEN,
    }


def test_editions_of_another_year_or_order_stay_in_force(in_force: Roadmap, anna: User) -> None:
    for other in (
        draft_of(in_force.region, order_of(FIRST[0]), year=2024),
        draft_of(in_force.region, order_of(FIRST[0]), order_number="2400"),
    ):
        assert preview_approval(roadmap=other).supersedes is None
        approve(roadmap=other, by=anna, now=NOW, beside=other.order_number == "2400")
    in_force.refresh_from_db()
    assert in_force.is_in_force


# --- another academic year --------------------------------------------------------------------


def test_a_year_is_carried_over_with_dates_and_years_moved(
    ministry: Organization, bondarskaya: Organization, anna: User
) -> None:
    text = order_of(
        ("3.1", "План на 2023/2024 учебный год по приказу от 31.05.2021", "До 28.07.2023 г.", SCHOOLS),
        ("3.2", "Занятия для 2000 школьников", "Еженедельно, четверг", SCHOOLS),
        ("3.3", "Отчёт", "Февраль 2024 г.", "Совет старшеклассников"),
        ("3.4", "Встречи", "По отдельному плану", SCHOOLS),
    )
    archive = draft_of(ministry.region, text)
    item = item_of(archive, "3.4")
    correct_item(item=item, words=words_of(item, dates=[(None, date(2023, 11, 7))]), by=anna)
    approve(roadmap=archive, by=anna, now=NOW)
    copy = carry_over(
        roadmap=archive, academic_year=2026, order_number="1900", order_date=date(2026, 8, 20), by=anna, now=LATER
    )
    assert (copy.state, copy.edition, copy.academic_year) == (RoadmapState.DRAFT, 1, 2026)
    first, weekly, report, meetings = (item_of(copy, f"3.{n}") for n in (1, 2, 3, 4))
    assert first.title == "План на 2026/2027 учебный год по приказу от 31.05.2021"
    assert (first.deadline_text, first.occurrences.get().due_on) == ("До 28.07.2026 г.", date(2026, 7, 28))
    assert weekly.title == "Занятия для 2000 школьников"
    assert {occurrence.due_on.isoweekday() for occurrence in weekly.occurrences.all()} == {4}
    assert report.occurrences.get().label == "01.02.2027\u00a0— 28.02.2027"
    assert [body.text for body in report.bodies.all()] == ["Совет старшеклассников"]
    assert meetings.occurrences.get().due_on == date(2026, 11, 6), "the seventh is a Saturday in 2026"
    assert not item_of(archive, "3.1").title.startswith("План на 2026")


def test_one_draft_at_a_time_is_carried_over(in_force: Roadmap, anna: User) -> None:
    year_after = {
        "academic_year": 2024,
        "order_number": "2381",
        "order_date": date(2024, 8, 25),
        "by": anna,
        "now": NOW,
    }
    carry_over(roadmap=in_force, **year_after)  # type: ignore[arg-type]
    with pytest.raises(RoadmapRefused, match="уже есть"):
        carry_over(roadmap=in_force, **year_after)  # type: ignore[arg-type]
    assert Roadmap.objects.filter(academic_year=2024).count() == 1


def test_carried_into_its_own_year_it_is_the_next_edition_and_keeps_everything(
    in_force: Roadmap, bondarskaya: Organization, elena: User, anna: User
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    before = states()
    second = carry_over(
        roadmap=in_force, academic_year=2023, order_number="2381", order_date=date(2023, 9, 1), by=anna, now=NOW
    )
    done = approve(roadmap=second, by=anna, now=LATER)
    assert (second.edition, done.created, done.cancelled) == (2, 0, 0)
    assert states() == before


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("в 2023/2024 учебном году", "в 2026/2027 учебном году"),
        ("на 2023-24 уч. год", "на 2026-27 уч. год"),
        ("в сентябре 2023 г., феврале 2024 г.", "в сентябре 2026 г., феврале 2027 г."),
        ("приказ от 31.05.2021 № 2024", "приказ от 31.05.2021 № 2027"),
        ("охват 2000 школьников, инв. 120231", "охват 2000 школьников, инв. 120231"),
    ],
)
def test_only_the_years_of_the_academic_year_move(text: str, moved: str) -> None:
    assert shift_years(text, 2023, 2026) == moved


# --- dates that come later --------------------------------------------------------------------


def test_a_separate_plan_is_dated_later_and_asked_of_everybody_then(
    ministry: Organization, bondarskaya: Organization, morshansky: Organization, anna: User
) -> None:
    roadmap = draft_of(ministry.region)
    approve(roadmap=roadmap, by=anna, now=NOW)
    item = item_of(roadmap, "1.2")
    dates = [(None, date(2023, 11, 7)), (date(2024, 3, 1), date(2024, 3, 31))]
    assert date_item(item=item, dates=dates, by=anna, now=LATER) == 4
    assert sorted(key for key in states() if key.startswith("1.2")) == [
        "1.2 Бондарский 2023-11-07",
        "1.2 Бондарский 2024-03-31",
        "1.2 Моршанский 2023-11-07",
        "1.2 Моршанский 2024-03-31",
    ]
    with pytest.raises(RoadmapRefused, match="уже назначены"):
        date_item(item=item, dates=dates, by=anna, now=LATER)


def test_a_draft_is_corrected_and_not_dated(region: Region, ministry: Organization, anna: User) -> None:
    item = item_of(draft_of(region), "1.2")
    with pytest.raises(RoadmapRefused, match="действующей редакции"):
        date_item(item=item, dates=[(None, date(2023, 11, 7))], by=anna, now=NOW)
