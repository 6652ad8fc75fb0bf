"""Who comes without signing in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect

from accounts.addresses import page_before

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


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
