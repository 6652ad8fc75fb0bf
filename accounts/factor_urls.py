"""Addresses of what the portal takes from allauth: only these of its pages exist here.

allauth looks them up by its own names, so they stand in no namespace.
"""

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount.providers.openid_connect import views as external
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import signing

urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("sign-in/second-step/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/external/<slug:provider_id>/", external.login, name="openid_connect_login"),
    path("sign-in/external/<slug:provider_id>/back/", external.callback, name="openid_connect_callback"),
    path("sign-in/external-cancelled/", signing.external_cancelled, name="socialaccount_login_cancelled"),
    path("profile/confirm/", reauthenticate, name="account_reauthenticate"),
    path("profile/confirm/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("profile/confirm/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("profile/second-factor/", factor.index, name="mfa_index"),
    path("profile/second-factor/app/", app.activate_totp, name="mfa_activate_totp"),
    path("profile/second-factor/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("profile/second-factor/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("profile/second-factor/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("profile/second-factor/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("profile/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("profile/second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
