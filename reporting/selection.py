"""What a person chose to report on: ids that came from outside, turned into objects they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, User
from exports.registry import OutOfScope
from obligations.models import Requirement
from reporting.querysets import reportable_municipalities, reportable_roadmaps, reportable_self_checks
from reporting.scopes import Scope, scope_for, scope_under
from roadmap.models import Roadmap


@dataclass(frozen=True)
class Selection:
    """A roadmap in force, perhaps a municipality, and the scope that they make for this person."""

    roadmap: Roadmap
    municipality: Organization | None
    scope: Scope


def select(*, user: User, sent: Mapping[str, Any]) -> Selection:
    """Read ``roadmap`` and perhaps ``municipality`` by their ids; raises OutOfScope for what the person cannot see."""
    roadmap = reportable_roadmaps(user).filter(pk=_number(sent.get("roadmap"))).first()
    if roadmap is None:
        raise OutOfScope("Дорожная карта не найдена или больше не действует.")
    if roadmap.owner:
        return Selection(roadmap, None, scope_under(user=user, owner=roadmap.owner))
    municipality = municipality_sent(user, roadmap.region_id, sent)
    return Selection(roadmap, municipality, scope_for(user=user, region=roadmap.region, municipality=municipality))


@dataclass(frozen=True)
class SelfCheckSelection:
    """A self-check that schools owe, perhaps a municipality, and the scope that they make for this person."""

    requirement: Requirement
    municipality: Organization | None
    scope: Scope


def select_self_check(*, user: User, sent: Mapping[str, Any]) -> SelfCheckSelection:
    """Read ``requirement`` and perhaps ``municipality`` by id; raises OutOfScope for what the person cannot see."""
    requirement = reportable_self_checks(user).filter(pk=_number(sent.get("requirement"))).first()
    if requirement is None:
        raise OutOfScope("Самодиагностика не найдена или больше не поручена.")
    municipality = municipality_sent(user, requirement.region_id, sent)
    scope = scope_for(user=user, region=requirement.region, municipality=municipality)
    return SelfCheckSelection(requirement, municipality, scope)


def municipality_sent(user: User, region_id: int, sent: Mapping[str, Any]) -> Organization | None:
    """Read a municipality by its id, if one is named."""
    if not sent.get("municipality"):
        return None
    municipality = reportable_municipalities(user, region_id).filter(pk=_number(sent["municipality"])).first()
    if municipality is None:
        raise OutOfScope("Муниципалитет не найден.")
    return municipality


def _number(sent: Any) -> int:
    """Read an id; raises OutOfScope for what cannot be one."""
    try:
        number = int(sent)
    except (TypeError, ValueError):
        raise OutOfScope("Такого отчёта нет.") from None
    # Beyond what a key column holds the databases themselves would fail.
    if not 0 < number < 2**63:
        raise OutOfScope("Такого отчёта нет.")
    return number
