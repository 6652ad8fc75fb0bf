"""Small orders for the stories of roadmaps, and what several stories do with them."""

from datetime import date

from django.apps import apps

from accounts.models import Region
from roadmap.actions import create_draft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Item, Roadmap
from tests.conftest import NOW

HEAD = "№ п/п\tМероприятие\tСрок исполнения\tОтветственный\tОжидаемые результаты"
SCHOOLS, MUNICIPALITIES = "Общеобразовательные организации", "Муниципальные органы управления образованием"
MINISTRY = "Министерство образования и науки Тамбовской области"

ORDER = f"""25.08.2023
№ 2381
Региональный план-график («дорожная карта») внедрения профминимума в 2023/2024 учебном году

{HEAD}
1. Организация\t\t\t\t
1.1\tУтверждение перечня школ\tДо 10.07.2023 г.\t{MINISTRY}\tПеречень утверждён
1.2\tСовещания с координаторами\tПо отдельному графику\t{MUNICIPALITIES}\tСовещания проведены
3. Школы\t\t\t\t
3.1\tДиагностика готовности школы\tИюль 2023 г.\tВсе школы области\tДиагностика проведена
3.2\tПриказ о реализации профминимума\tДо 20.10.2023 г.\t{SCHOOLS}\tПриказ утверждён
3.3\tРабочая группа\tКогда получится\t{SCHOOLS}\tГруппа создана
"""

Row = tuple[str, str, str, str]


def order_of(*rows: Row) -> str:
    """Write an annex with one section: number, title, deadline, bodies of each item."""
    lines = [f"{number}\t{title}\t{deadline}\t{bodies}\tИсполнено" for number, title, deadline, bodies in rows]
    return "\n".join([HEAD, "3. Школы\t\t\t\t", *lines])


def draft_of(region: Region, text: str = ORDER, *, year: int = 2023, order_number: str = "2381") -> Roadmap:
    """Save a text as a draft edition."""
    return create_draft(
        region=region,
        draft=read_roadmap(text),
        academic_year=year,
        order_number=order_number,
        order_date=date(2023, 8, 25),
        source_text=text,
        by=None,
        now=NOW,
    )


def item_of(roadmap: Roadmap, number: str) -> Item:
    """Find an item of an edition by its number, as it is now."""
    return Item.objects.select_related("section__roadmap__region").get(section__roadmap=roadmap, number=number)


def row_counts() -> dict[str, int]:
    """Count the rows of every table: what a preview must not change."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}
