"""Rules of passwords, in Russian."""

from contextlib import suppress

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.passwords import FamiliarWordValidator


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("корот7к", "10"),
        ("password123", "распространён"),
        ("elena.ershova", "похож"),
        ("Пароль-2023!", "угадают первым"),
        ("gfhjkm202324", "угадают первым"),
        ("профминимум1", "угадают первым"),
        ("йцукенгшщз", "угадать легко"),
        ("poiuytrewq", "угадать легко"),
        ("ааааааааааа", "угадать легко"),
    ],
)
def test_a_weak_password_is_told_why(password: str, said: str) -> None:
    person = User(email="elena.ershova@example.test", last_name="Ершова", first_name="Елена")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person)
    assert any(said in message for message in refused.value.messages), refused.value.messages


@pytest.mark.parametrize("password", ["berezovaya-roscha-7", "три синих кита", "Весна у школы 12 берёз"])
def test_a_phrase_is_welcome(password: str) -> None:
    validate_password(password, User(email="elena@example.test", last_name="Ершова", first_name="Елена"))


@given(st.text())
def test_whatever_is_typed_is_judged_and_never_breaks(password: str) -> None:
    with suppress(ValidationError):
        FamiliarWordValidator().validate(password)
