"""Addresses of the app."""

from django.urls import path, register_converter

from obligations.views import (
    back_scheduling,
    decisions,
    downloads,
    extensions,
    inbox,
    mail,
    moving,
    notices,
    reminders,
    returns,
    todo,
    work,
)

app_name = "obligations"
register_converter(notices.DayConverter, "day")
urlpatterns = [
    path("", todo.todo, name="todo"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/accept/", inbox.accept_chosen, name="accept_many"),
    path("mail/", mail.mail, name="mail"),
    path("mail/<slug:name>/", mail.letter, name="mail_letter"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/<int:pk>/", notices.notice_open, name="notice"),
    path("digests/<day:day>/", notices.digest, name="digest"),
    path("reminders/", reminders.reminder_rules, name="reminders"),
    path("reminders/<int:pk>/", reminders.requirement_reminders, name="requirement_reminders"),
    path("back-schedule/<int:pk>/", back_scheduling.back_schedule_page, name="back_schedule"),
    path("preferences/", notices.preferences, name="preferences"),
    path("returns/", returns.returns, name="returns"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/decide/", extensions.decide_chosen, name="decide_extensions"),
    path("extensions/<int:pk>/", extensions.extension, name="extension"),
    path("extensions/<int:pk>/decide/", extensions.decide, name="decide_extension"),
    path("extensions/<int:pk>/withdraw/", extensions.withdraw, name="withdraw_extension"),
    path("extensions/<int:pk>/file/", extensions.extension_file, name="extension_file"),
    path("<int:pk>/", work.detail, name="detail"),
    path("<int:pk>/history/", work.whole_history, name="history"),
    path("<int:pk>/extension/", extensions.ask, name="ask_extension"),
    path("<int:pk>/reassign/", moving.reassign, name="reassign"),
    path("<int:pk>/save/", work.save, name="save"),
    path("<int:pk>/submit/", work.submit, name="submit"),
    path("<int:pk>/nil/", work.declare_nil, name="declare_nil"),
    path("<int:pk>/accept/", decisions.accept, name="accept"),
    path("<int:pk>/return/", decisions.send_back, name="return"),
    path("<int:pk>/reopen/", decisions.reopen, name="reopen"),
    path("<int:pk>/cancel/", decisions.cancel, name="cancel"),
    path("<int:pk>/restore/", decisions.restore, name="restore"),
    path("evidence/<int:pk>/", downloads.evidence_file, name="evidence"),
    path("evidence/<int:pk>/replace/", work.evidence_replace, name="evidence_replace"),
    path("evidence/<int:pk>/remove/", work.evidence_remove, name="evidence_remove"),
]
