"""What kinds of changes and fields are called, on the page of a comparison and in its file."""

from roadmap.comparison.changes import ItemChange, Kind

KIND_LABELS = {
    Kind.ADDED: "Добавлено",
    Kind.REMOVED: "Исключено",
    Kind.RENUMBERED: "Новый номер",
    Kind.CHANGED: "Новые слова",
    Kind.MOVED: "Новые даты",
    Kind.EDITORIAL: "Только оформление",
}
FIELD_LABELS = {
    "title": "Мероприятие",
    "deadline": "Срок, как в документе",
    "bodies": "Ответственные",
    "result": "Ожидаемые результаты",
}


def weight(change: ItemChange) -> int:
    """What is read first: other dates, then another substance; a new number alone comes behind."""
    if Kind.MOVED in change.kinds:
        return 0
    return 1 if change.kinds - {Kind.RENUMBERED, Kind.EDITORIAL} else 2
