"""Addresses of signing in, of one's own access, of invitations and of people."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import accepting, invitations, people, profile, signing

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("password/forgotten/", signing.password_reset, name="password_reset"),
    path("password/forgotten/sent/", signing.password_reset_sent, name="password_reset_sent"),
    path("password/new/<uidb64>/<token>/", signing.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("invitation/", accepting.invitation_accept, name="invitation_accept"),
    path("invitation/<str:token>/", accepting.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", signing.PasswordChange.as_view(), name="password_change"),
    path("profile/sessions/<int:pk>/end/", profile.session_end, name="session_end"),
    path("profile/sessions/end-others/", profile.session_end_others, name="session_end_others"),
    path("profile/act-for/", profile.act_for, name="act_for"),
    path("people/", people.people_list, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/unlock/", people.unlock, name="unlock"),
    path("people/<int:pk>/factor-reset/", people.factor_reset, name="factor_reset"),
    path("people/<int:pk>/sessions-end/", people.sessions_end, name="sessions_end"),
    path("people/posts/<int:pk>/hand-over/", people.hand_over, name="hand_over"),
    path("people/posts/<int:pk>/remind/", people.remind, name="remind"),
    path("people/organizations/<int:pk>/", people.organization, name="organization"),
    path("people/organizations/<int:pk>/invite/", invitations.invite, name="invite"),
    path("people/invite-schools/", invitations.invite_schools, name="invite_schools"),
    path("people/invitations/", invitations.invitation_list, name="invitations"),
    path("people/invitations/<int:pk>/resend/", invitations.resend, name="invitation_resend"),
    path("people/invitations/<int:pk>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("people/batches/<int:pk>/", invitations.batch, name="batch"),
    path("people/batches/<int:pk>/status/", invitations.batch_status, name="batch_status"),
]
