"""Forms of signing in, of invitations and of people."""

from accounts.forms.factors import AppForm, CodeForm, KeyForm, ReauthenticationCodeForm
from accounts.forms.invitations import AcceptForm, HandOverForm, InviteForm, JoinForm
from accounts.forms.people import PeopleFilters
from accounts.forms.signing import ConfirmPasswordForm, PasswordResetAskForm, SignInForm

__all__ = [
    "AcceptForm",
    "AppForm",
    "CodeForm",
    "ConfirmPasswordForm",
    "HandOverForm",
    "InviteForm",
    "JoinForm",
    "KeyForm",
    "PasswordResetAskForm",
    "PeopleFilters",
    "ReauthenticationCodeForm",
    "SignInForm",
]
