"""The tallies always add up to the obligations, whoever changes these and however."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate

from accounts.models import Organization, Region, User
from obligations import tallies
from obligations.aggregates import Tally, countable, tallies_by
from obligations.fan_out import fan_out
from obligations.models import Obligation, Requirement, RequirementBody, TallyEntry
from obligations.states import Act, State
from obligations.workflow import PastMove, advance, cancel_many, replay_many, restore_many
from tests import factories

CAST = ["anna", "zoya", "oleg", "boris", "galina", "elena", "ivan", "maria", "pavel", "viktor"]


@pytest.fixture
def asked(
    region: Region,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    operator: Organization,
    now: datetime,
) -> list[Requirement]:
    """Two things asked of every school and municipality, a third of the operator and the ministry."""
    wanted = [("3.1", date(2023, 10, 10), "schools"), ("3.2", date(2023, 10, 20), "schools")]
    requirements: list[Requirement] = []
    for number, due_on, group in wanted:
        requirement = factories.RequirementFactory(region=region, number=number, due_on=due_on)
        RequirementBody.objects.create(requirement=requirement, group=group)
        RequirementBody.objects.create(requirement=requirement, group="municipalities")
        requirements.append(requirement)
    regional = factories.RequirementFactory(region=region, number="1.1", due_on=date(2023, 10, 1))
    RequirementBody.objects.create(requirement=regional, organization=operator)
    RequirementBody.objects.create(requirement=regional, organization=operator.parent)
    requirements.append(regional)
    fan_out(requirements=requirements, by=None, at=now)
    return requirements


def whole(region: Region, today: date) -> Tally:
    """What the region's entries add up to."""
    return Tally.total(tallies_by(TallyEntry.objects.of_region(), "requirement", region=region, today=today).values())


def test_a_fan_out_is_counted(asked: list[Requirement], region: Region, today: date) -> None:
    assert whole(region, today) == Tally(obligations=14, open=14, overdue=8, due=8)
    assert tallies.drift() == 0


def test_every_move_is_counted(
    asked: list[Requirement], region: Region, elena: User, boris: User, bondarskaya: Organization, now: datetime
) -> None:
    done = Obligation.objects.get(requirement=asked[1], organization=bondarskaya)
    late = Obligation.objects.get(requirement=asked[0], organization=bondarskaya)
    advance(obligation=done, act=Act.SUBMIT, by=elena, at=now, note="Приказ издан.")
    advance(obligation=done, act=Act.ACCEPT, by=boris, at=now)
    advance(obligation=late, act=Act.SUBMIT, by=elena, at=now, note="С опозданием.")

    counted = tallies_by(TallyEntry.objects.of_region(), "requirement", region=region, today=now.date())
    assert counted[asked[1].pk] == Tally(obligations=6, accepted=1, open=5, due=1, on_time=1)
    assert counted[asked[0].pk] == Tally(obligations=6, under_review=1, open=5, overdue=5, due=6)
    assert tallies.drift() == 0


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_everybody_counts_the_same(
    asked: list[Requirement],
    region: Region,
    morshansky: Organization,
    now: datetime,
    seed: int,
    request: pytest.FixtureRequest,
) -> None:
    """Anything is done to anything, by the row and by the set; sums of entries and counts of rows agree."""
    chance = random.Random(seed)
    people = [request.getfixturevalue(name) for name in CAST]
    schools = list(Organization.objects.schools())
    for _ in range(25):
        some = Obligation.objects.filter(pk__in=chance.sample(list(Obligation.objects.values_list("pk", flat=True)), 3))
        at = now + timedelta(days=chance.randint(-20, 20), hours=chance.randint(-12, 12))
        match chance.randrange(8):
            case 0:
                cancel_many(obligations=some, by=None, at=at, comment="Снято.")
            case 1:
                restore_many(obligations=some, by=None, at=at, comment="Возвращено.")
            case 2:
                some.update(due_on=at.date())
            case 3:
                replay_many(histories={one.pk: [PastMove(Act.SUBMIT, None, at, note="Сдано.")] for one in some})
            case 4:
                some.update(state=State.ACCEPTED, first_submitted_at=at, submitted_at=at, decided_at=at)
            case 5:
                chosen = chance.choice(schools)
                chosen.parent = chance.choice([morshansky, morshansky.parent])
                chosen.save()
            case 6:
                some.filter(steps=None).delete()
                fan_out(requirements=asked, by=None, at=at)
            case _:
                tallies.fold()
    today = now.date()
    assert tallies.drift() == 0
    for person in people:
        seen = Obligation.objects.visible_to(person)
        for path in ("requirement", "requirement__academic_year"):
            kept = tallies_by(countable(person, region), path, region=region, today=today)
            assert kept == tallies_by(seen, path, region=region, today=today)


def test_a_school_takes_its_obligations_to_another_municipality(
    asked: list[Requirement],
    region: Region,
    bondarskaya: Organization,
    morshansky: Organization,
    galina: User,
    today: date,
) -> None:
    before = tallies_by(countable(galina, region), "requirement", region=region, today=today)
    Organization.objects.filter(pk=bondarskaya.pk).update(parent=morshansky)
    after = tallies_by(countable(galina, region), "requirement", region=region, today=today)

    assert before[asked[0].pk].obligations == 2
    assert after[asked[0].pk].obligations == 3
    assert tallies.drift() == 0


def test_on_time_follows_the_clocks_of_the_region(
    asked: list[Requirement], region: Region, bondarskaya: Organization, today: date
) -> None:
    """Handed in at 23:30 Moscow time on the last day: in time in Moscow, a day late in Kamchatka."""
    evening = datetime.fromisoformat("2023-10-20T23:30:00+03:00")
    Obligation.objects.filter(requirement=asked[1], organization=bondarskaya).update(
        state=State.SUBMITTED, first_submitted_at=evening, submitted_at=evening
    )
    assert whole(region, today).on_time == 1

    region.time_zone = "Asia/Kamchatka"
    region.save()
    assert whole(region, today).on_time == 0
    assert tallies.drift() == 0


def test_folding_leaves_the_sums_and_drops_the_rest(
    asked: list[Requirement], region: Region, elena: User, bondarskaya: Organization, now: datetime
) -> None:
    before = TallyEntry.objects.count()
    one = Obligation.objects.get(requirement=asked[1], organization=bondarskaya)
    advance(obligation=one, act=Act.SUBMIT, by=elena, at=now, note="Приказ издан.")
    counted = whole(region, now.date())
    assert TallyEntry.objects.count() == before + 4

    assert tallies.fold() > 0
    assert whole(region, now.date()) == counted
    assert tallies.fold() == 0
    assert tallies.drift() == 0


def test_what_went_wrong_is_found_and_repaired(
    asked: list[Requirement], region: Region, today: date, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = whole(region, today)
    call_command("check_tallies")
    TallyEntry.objects.of_region().filter(requirement=asked[0]).delete()
    assert whole(region, today) != expected

    with pytest.raises(CommandError, match="разошёлся"):
        call_command("check_tallies")
    call_command("check_tallies", "--repair")
    assert whole(region, today) == expected
    call_command("check_tallies")
    assert "сходится" in capsys.readouterr().out


def test_migrating_puts_the_triggers_back_and_makes_good_what_they_missed(
    asked: list[Requirement], region: Region, today: date
) -> None:
    app = apps.get_app_config("obligations")
    pre_migrate.send(sender=app, app_config=app, verbosity=0, interactive=False, using="default", plan=[], apps=apps)
    Obligation.objects.filter(requirement=asked[2]).update(state=State.CANCELLED)
    post_migrate.send(sender=app, app_config=app, verbosity=0, interactive=False, using="default", plan=[], apps=apps)
    assert whole(region, today).obligations == 12

    Obligation.objects.filter(requirement=asked[0]).update(state=State.CANCELLED)
    assert whole(region, today).obligations == 6
    assert tallies.drift() == 0


def test_before_the_tables_are_there_nothing_is_installed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[str] = []
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["django_migrations"])
    monkeypatch.setattr(tallies, "rebuild", asked_for.append)
    tallies.install("default")
    assert asked_for == []


@pytest.mark.parametrize("count", [1, 3])
def test_counting_is_one_query_however_many_there_are(
    count: int,
    region: Region,
    bondarsky: Organization,
    anna: User,
    elena: User,
    now: datetime,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    requirements = []
    for number in range(count):
        factories.SchoolFactory(parent=bondarsky)
        requirement = factories.RequirementFactory(region=region, number=f"3.{number}")
        RequirementBody.objects.create(requirement=requirement, group="schools")
        requirements.append(requirement)
    fan_out(requirements=requirements, by=None, at=now)
    for person in (anna, elena):
        source = countable(person, region)
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            tallies_by(source, "requirement", region=region, today=now.date())
