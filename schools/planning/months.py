"""The months of teaching, September to May, in the order of the academic year."""

TEACHING_MONTHS = (
    (9, "сентябрь"),
    (10, "октябрь"),
    (11, "ноябрь"),
    (12, "декабрь"),
    (1, "январь"),
    (2, "февраль"),
    (3, "март"),
    (4, "апрель"),
    (5, "май"),
)
MONTHS = tuple(month for month, _ in TEACHING_MONTHS)
_NAMES = dict(TEACHING_MONTHS)
_YEAR = 12


def place_of(month: int) -> int:
    """Return the place of a calendar month in the academic year: September is 0, August is 11."""
    return (month - 9) % _YEAR


def months_between(first: int, last: int) -> tuple[int, ...]:
    """Return the teaching months from ``first`` to ``last``, both included."""
    return MONTHS[place_of(first) : place_of(last) + 1]


def months_label(first: int, last: int) -> str:
    """Write months for people: «сентябрь — май», «октябрь»."""
    return _NAMES[first] if first == last else f"{_NAMES[first]}\u00a0— {_NAMES[last]}"
