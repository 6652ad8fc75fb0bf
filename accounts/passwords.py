"""Rules of passwords that Django does not bring: words everybody here would try first."""

import re

from django.core.exceptions import ValidationError

RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю"
LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
OTHER_LAYOUT = str.maketrans(RUSSIAN + LATIN, LATIN + RUSSIAN)
KEYBOARD_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
WORDS = (
    "пароль",
    "профминимум",
    "профориентация",
    "школа",
    "гимназия",
    "лицей",
    "директор",
    "завуч",
    "министерство",
    "образование",
    "администратор",
    "билетвбудущее",
    "привет",
    "россия",
)


class FamiliarWordValidator:
    """Refuses a password that is one familiar word, a row of keys or one sign repeated, with figures around it.

    The word is looked for in both layouts: «gfhjkm» is «пароль».
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for such a password."""
        core = re.sub(r"[\W\d_]+", "", password.lower()).replace("ё", "е")
        bare = re.sub(r"[\W_]+", "", password.lower())
        if {core, core.translate(OTHER_LAYOUT), password.lower().translate(OTHER_LAYOUT)} & set(WORDS):
            raise ValidationError("Это слово угадают первым. Придумайте фразу из нескольких слов.", code="familiar")
        if len(set(bare)) <= 2 or any(bare in row * 2 or bare[::-1] in row * 2 for row in KEYBOARD_ROWS):
            raise ValidationError("Подряд идущие и повторяющиеся знаки угадать легко.", code="row")

    def get_help_text(self) -> str:
        """Say the rule."""
        return "Не одно знакомое слово («пароль», «школа») и не клавиши подряд."
