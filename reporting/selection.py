"""What a person chose to report on: ids that came from outside, turned into objects they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, User
from exports.registry import OutOfScope
from reporting.querysets import reportable_municipalities, reportable_roadmaps
from reporting.scopes import Scope, scope_for
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
    municipality = None
    if sent.get("municipality"):
        visible = reportable_municipalities(user, roadmap.region_id)
        municipality = visible.filter(pk=_number(sent["municipality"])).first()
        if municipality is None:
            raise OutOfScope("Муниципалитет не найден.")
    return Selection(roadmap, municipality, scope_for(user=user, region=roadmap.region, municipality=municipality))


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
