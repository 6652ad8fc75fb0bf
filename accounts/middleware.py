"""Who comes without signing in; of who has signed in: for whom they work, when seen, their second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from accounts import second_factor
from accounts.actions import sessions
from accounts.addresses import page_before
from accounts.clients import client_address
from accounts.models import User

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# In the session: the organization chosen in the header, and when the row of the session was last touched.
CHOSEN_KEY = "acts_for"
SEEN_KEY = "seen_at"
TOUCH_EVERY_SECONDS = 300
# What a person without the second factor they must have may still open.
OPEN_WITHOUT_FACTOR = frozenset({"account_reauthenticate", "accounts:logout", "account_logout", "healthz"})


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Leads to signing in, and from there back; a form sent after the session ended leads back to its page.

    The address a form goes to shows nothing when it is opened, so the page around the form is
    what the person returns to, told that nothing was saved.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Send the person to the sign-in page."""
        if request.method in SAFE_METHODS:
            return super().handle_no_permission(request, view_func)
        page = urlsplit(page_before(request))
        back = f"{page.path}?{page.query}" if page.query else page.path
        messages.warning(request, "Сеанс закончился, и отправленное не сохранено. Войдите и отправьте форму ещё раз.")
        return redirect_to_login(back or "/", self.get_login_url(view_func), self.get_redirect_field_name(view_func))


class PeopleMiddleware:
    """Knows of each request of a signed-in person what no view should have to ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the chosen organization and note that the person was here."""
        user = request.user
        if isinstance(user, User):
            user.chosen_organization_id = request.session.get(CHOSEN_KEY)
            self._touch(request, user)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Lead who lacks the second factor their role demands to where it is set up."""
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or match is None or not second_factor.is_required(user):
            return None
        if second_factor.is_shown(request, user) or match.view_name in OPEN_WITHOUT_FACTOR:
            return None
        if second_factor.is_set_up(user):
            # Set up since, elsewhere: this session began with the password alone.
            logout(request)
            messages.info(request, "Войдите ещё раз: теперь вход подтверждается вторым способом.")
            return redirect("accounts:login")
        if (match.url_name or "").startswith("mfa_"):
            return None
        messages.warning(
            request, "Вашей роли нужен вход с подтверждением. Подключите приложение с кодами или ключ безопасности."
        )
        return redirect("mfa_index")

    def _touch(self, request: HttpRequest, user: User) -> None:
        """Move «последнее действие» on, at most every few minutes: a page must not cost a write."""
        now = timezone.now()
        seen = request.session.get(SEEN_KEY)
        if isinstance(seen, int | float) and 0 <= now.timestamp() - seen < TOUCH_EVERY_SECONDS:
            return
        request.session[SEEN_KEY] = now.timestamp()
        address = client_address(request)
        key = request.session.session_key
        if key and not sessions.touch(session_key=key, address=address, now=now):
            agent = request.headers.get("User-Agent", "")
            sessions.begin(user=user, session_key=key, address=address, agent=agent, now=now)
