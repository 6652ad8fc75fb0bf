"""How a moment is written in documents: with the time zone named the Russian way, by its distance from Moscow."""

from datetime import datetime
from zoneinfo import ZoneInfo

_MOSCOW = ZoneInfo("Europe/Moscow")


def zone_label(moment: datetime) -> str:
    """Name the zone of an aware ``moment``: «МСК», «МСК+4», «МСК−1»; minutes only where there are any."""
    offset, moscow = moment.utcoffset(), moment.astimezone(_MOSCOW).utcoffset()
    if offset is None or moscow is None:
        raise ValueError("A moment in a document needs its time zone.")
    minutes = round((offset - moscow).total_seconds() / 60)
    if not minutes:
        return "МСК"
    hours, rest = divmod(abs(minutes), 60)
    return f"МСК{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def moment_label(moment: datetime) -> str:
    """Write an aware ``moment`` on its own clocks: «16.10.2023 12:00 (МСК)»."""
    return f"{moment:%d.%m.%Y %H:%M} ({zone_label(moment)})"
