"""The demonstration's municipal roadmap: everything the region asks, one date earlier, one item more."""

from dataclasses import replace
from datetime import datetime, timedelta

from accounts.models import Organization, User
from roadmap.actions import ItemText, add_item, approve, correct_item, derive
from roadmap.models import Item, Roadmap

ORDER_NUMBER, TITLE = "118", "Муниципальная дорожная карта по реализации профминимума"
STRICTER_ITEM = "3.16"


def start_own_roadmap(*, regional: Roadmap, owner: Organization, by: User, now: datetime) -> Roadmap:
    """Derive and approve the municipality's roadmap, five days after the region's."""
    at = now + timedelta(days=5)
    own = derive(
        parent=regional,
        owner=owner,
        order_number=ORDER_NUMBER,
        order_date=owner.region.local(at).date(),
        title=TITLE,
        by=by,
        now=at,
        is_demonstration=True,
    )
    year = own.academic_year
    items = Item.objects.filter(section__roadmap=own).select_related("section__roadmap")
    item = items.get(number=STRICTER_ITEM)
    words = ItemText(
        number=item.number,
        title=item.title,
        deadline_text=f"До 25.05.{year + 1} г.",
        bodies_text="\n".join(body.text for body in item.bodies.all()),
        expected_result=item.expected_result,
    )
    correct_item(item=item, words=words, by=by)
    festival = replace(
        words,
        number="М1",
        title="Участие в районном фестивале профессий «Шаг в профессию»",
        deadline_text=f"До 18.12.{year} г.",
        bodies_text="Общеобразовательные организации",
        expected_result="В фестивале участвуют команды 6–11 классов каждой школы",
    )
    add_item(section=item.section, words=festival, by=by)
    approve(roadmap=own, by=by, now=at)
    return own
