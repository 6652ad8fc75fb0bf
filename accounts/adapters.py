"""How allauth is fitted to the portal: its people, its words, its letters (none), its limits.

Of allauth the portal takes the second factor and OpenID Connect. Signing in by password, resetting
it, sessions and lock-out are the portal's own: see docs/adr/0024-signing-in.md.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.actions.journal import record
from accounts.clients import client_address
from accounts.models import AccessEventKind, User

# What allauth says in its own templates, in the portal's words; what is not here is not said.
MESSAGES = {
    "mfa/messages/totp_activated.txt": "Приложение с кодами подключено.",
    "mfa/messages/totp_deactivated.txt": "Приложение с кодами отключено.",
    "mfa/messages/webauthn_added.txt": "Ключ безопасности добавлен.",
    "mfa/messages/webauthn_removed.txt": "Ключ безопасности удалён.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def add_message(  # noqa: PLR0917 - allauth calls it so
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in the portal's words, or not at all."""
        text = message or MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, text)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: what happened stands in the person's journal."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as the rest of the portal sees it."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - an unknown address, nothing is bound to it

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password of a person who is signed in; allauth limits how often."""
        return user.check_password(password)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Refuse a closed account."""
        return render(request, "accounts/refused.html", {"reason": "inactive"}, status=403)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets encrypted, names in Russian."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Код не подошёл. Введите новый: каждый действует полминуты.",
    }

    def encrypt(self, text: str) -> str:
        """Keep a secret unreadable in the database and its backups."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret back."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - allauth's own word
        """Name a new key."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Основной ключ" if count == 0 else f"Ключ № {count + 1}"


class ExternalSignInAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect opens the door only to people who have been let in already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link an identity seen for the first time to the person of its confirmed e-mail, else refuse it."""
        if sociallogin.is_existing:
            return
        confirmed = {one.email.strip().lower() for one in sociallogin.email_addresses if one.verified and one.email}
        person = User.objects.filter(email__in=confirmed, is_active=True).first()
        if person is None:
            raise ImmediateHttpResponse(
                render(
                    request, "accounts/refused.html", {"reason": "stranger" if confirmed else "unconfirmed"}, status=403
                )
            )
        sociallogin.connect(request, person)
        record(
            person,
            AccessEventKind.LINKED,
            at=timezone.now(),
            address=client_address(request),
            note=str(sociallogin.account.provider),
        )


def _cipher() -> MultiFernet:
    """The cipher of SECRET_KEY; secrets written under one of SECRET_KEY_FALLBACKS are still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor" + key.encode()).digest())) for key in keys
    )
