"""Signing in and out, the password, the profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy

from accounts.demo_logins import DEMO_PASSWORD, offered_logins
from accounts.forms import SignInForm


class SignIn(auth_views.LoginView):
    """Sign in by e-mail; a demonstration offers one sign-in per role."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sign-ins of the demonstration, where there is one."""
        return super().get_context_data(**kwargs) | {"demo_logins": offered_logins(), "demo_password": DEMO_PASSWORD}


class PasswordChange(auth_views.PasswordChangeView):
    """Change one's own password."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Say that it worked; the session goes on."""
        response = super().form_valid(form)
        messages.success(self.request, "Пароль изменён.")
        return response


def profile(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and for whom they act (the context processor knows the memberships)."""
    return render(request, "accounts/profile.html")
