"""The words of saved items and editions, ready for comparing."""

from django.db.models import Prefetch

from roadmap.comparison import EditionWords, ItemWords, SectionWords
from roadmap.models import Item, Roadmap


def item_words(item: Item) -> ItemWords:
    """Return the words of an item; its dates and bodies are best prefetched."""
    return ItemWords(
        key=item.pk,
        number=item.number,
        title=item.title,
        deadline=item.deadline_text,
        bodies=tuple(dict.fromkeys(body.label for body in item.bodies.all())),
        result=item.expected_result,
        dates=tuple((occurrence.start_on, occurrence.due_on) for occurrence in item.occurrences.all()),
    )


def edition_words(roadmap: Roadmap) -> EditionWords:
    """Read the words of an edition; the same number of queries whatever its length."""
    items = Item.objects.prefetch_related("occurrences", "bodies__organization")
    sections = list(roadmap.sections.prefetch_related(Prefetch("items", items)))
    return EditionWords(
        sections=tuple(SectionWords(section.number, section.title) for section in sections),
        items=tuple(item_words(item) for section in sections for item in section.items.all()),
    )
