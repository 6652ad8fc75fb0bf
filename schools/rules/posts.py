"""Who may answer for the minimum in a school: nobody below deputy head (order 2381, item 3.3). Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

RULE = "приказ №\u00a02381, п.\u00a03.3"


class Standing(StrEnum):
    """How a post stands to the one of a deputy head."""

    FIT = "fit"
    BELOW = "below"
    UNKNOWN = "unknown"
    UNNAMED = "unnamed"


@dataclass(frozen=True)
class PostVerdict:
    """What the rule says of a post, and why, in Russian."""

    standing: Standing
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        """The post is known to be below that of a deputy head."""
        return self.standing is Standing.BELOW

    @property
    def is_doubtful(self) -> bool:
        """Nothing says that the post is high enough."""
        return self.standing in (Standing.BELOW, Standing.UNKNOWN)


_SPACE = re.compile(r"[\s.;–—-]+")
_ACTING = r"(?:(?:временно )?исполняющ\w+ обязанности |(?:в ?)?р?и ?о |врио )?"
_SCHOOL = r"(?:школ\w+|организаци\w+|учреждени\w+|гимнази\w+|лице\w+|филиал\w+|корпус\w+|училищ\w+|оо)"
_HEAD = rf"(?:дир(?:ектор\w*)?|(?:заведующ\w+|начальник\w*|руководител\w+) {_SCHOOL})"
_HEADED = r"(?:дир(?:ектор\w*)?|заведующ\w+|начальник\w*|руководител\w+)"
_DEPUTY = rf"(?:перв\w+ )?зам(?:естител\w*)?(?: дир(?:ектор\w*)?(?: .*)?|(?: {_HEADED})?(?: по .*)?)"
_FIT = re.compile(rf"{_ACTING}(?:{_HEAD}(?: .*)?|{_DEPUTY}|{_DEPUTY} {_SCHOOL}.*|завуч\w*(?: .*)?|зд[а-я]{{1,3}}р)")
# «Советник директора» names the head as well, but does not stand in for them.
_BELOW = re.compile(
    r"\b(?:учител\w*|педагог\w*|преподавател\w*|классн\w+ руководител\w*|воспитател\w*|методист\w*|психолог\w*"
    r"|советник\w*|помощник\w*|секретар\w*|специалист\w*|библиотек\w*|организатор\w*|вожат\w*|лаборант\w*"
    r"|делопроизводител\w*|тьютор\w*|логопед\w*|инженер\w*|бухгалтер\w*)"
)


def judge_post(post: str) -> PostVerdict:
    """Say whether a post is at least that of a deputy head.

    Knows the usual wordings of both sides; about others it does not guess: they are doubtful, not refused.
    """
    words = _SPACE.sub(" ", post.casefold().replace("ё", "е")).strip()
    if not words:
        return PostVerdict(Standing.UNNAMED, "Должность ответственного не указана.")
    # «Учитель физики, заместитель директора»: the highest of several posts counts.
    if any(_FIT.fullmatch(one.strip()) for one in words.split(",")):
        return PostVerdict(Standing.FIT)
    if _BELOW.search(words):
        return PostVerdict(
            Standing.BELOW,
            f"Ответственным назначают не ниже заместителя директора ({RULE}), а «{post.strip()}» — должность ниже.",
        )
    return PostVerdict(
        Standing.UNKNOWN,
        f"Ответственным назначают не ниже заместителя директора ({RULE}). Проверьте должность «{post.strip()}».",
    )
