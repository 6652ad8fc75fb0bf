"""Signing in and out, the second step, a forgotten password."""

from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actions import attempts, resets, sessions
from accounts.actions.journal import record
from accounts.clients import client_address
from accounts.demo_logins import DEMO_PASSWORD, offered_logins
from accounts.forms import PasswordResetAskForm, SignInForm
from accounts.models import AccessEventKind, User


class SignIn(auth_views.LoginView):
    """Sign in by e-mail; a demonstration offers one sign-in per role."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form where the attempt comes from, and when."""
        return super().get_form_kwargs() | {"now": timezone.now(), "address": client_address(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sign-ins of the demonstration and the external sign-in, where there are any."""
        return super().get_context_data(**kwargs) | {
            "demo_logins": offered_logins(),
            "demo_password": DEMO_PASSWORD,
            "external": external_sign_in(),
        }

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: ask for the second factor where there is one, else let the person in."""
        user = form.get_user()
        login = Login(user=user, email=user.email, redirect_url=self.get_success_url())
        return cast("HttpResponse", perform_password_login(self.request, {"email": user.email}, login))


class PasswordChange(auth_views.PasswordChangeView):
    """Change one's own password; every other browser is signed out."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save, end the other sessions, say that it worked; this session goes on."""
        user = form.save()
        before = self.request.session.session_key
        update_session_auth_hash(self.request, user)
        # The framework has given this session a new key.
        sessions.rename(old_key=before, new_key=self.request.session.session_key)
        ended = sessions.end_all(user, except_key=self.request.session.session_key)
        record(user, AccessEventKind.PASSWORD_CHANGED, at=timezone.now(), address=client_address(self.request))
        messages.success(
            self.request, "Пароль изменён. На других устройствах нужно войти заново." if ended else "Пароль изменён."
        )
        return redirect(self.get_success_url())


@login_not_required
@never_cache
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a new password; the answer is the same whether or not anybody has the address."""
    form = PasswordResetAskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        resets.ask(email=form.cleaned_data["email"], address=client_address(request), now=timezone.now())
        return redirect("accounts:password_reset_sent")
    return render(request, "accounts/password_reset.html", {"form": form})


@login_not_required
@require_safe
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "accounts/password_reset_sent.html")


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    """Set a new password by the one-time link of a letter."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Save, sign out everywhere, open the door that wrong passwords may have closed."""
        response = super().form_valid(form)
        user = form.user
        sessions.end_all(user)
        attempts.unlock(person=user, by=None, now=timezone.now())
        record(user, AccessEventKind.PASSWORD_RESET, at=timezone.now(), address=client_address(self.request))
        messages.success(self.request, "Новый пароль сохранён. Войдите с ним.")
        return response


def external_sign_in() -> dict[str, str] | None:
    """Return the name of the external sign-in, None where none is configured."""
    for provider in settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", []):
        return {"name": provider["name"], "provider_id": provider["provider_id"]}
    return None


@login_not_required
@require_safe
def external_cancelled(request: HttpRequest) -> HttpResponse:
    """The person has turned back at the external system."""
    messages.info(request, "Вход через внешнюю систему отменён.")
    return redirect("accounts:login")
