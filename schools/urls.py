"""Addresses of the app."""

from django.urls import path

from schools.views import calls, cards, imports, plan_hours, plans, registry, reorganizations, status

app_name = "schools"
urlpatterns = [
    path("", registry.school_list, name="list"),
    path("<int:pk>/", registry.school_detail, name="detail"),
    path("<int:pk>/edit/<slug:section>/", cards.edit, name="edit"),
    path("<int:pk>/history/", registry.school_history, name="history"),
    path("<int:pk>/reorganize/", reorganizations.reorganize, name="reorganize"),
    path("reorganizations/", reorganizations.reorganization_list, name="reorganizations"),
    path("reorganizations/<int:pk>/", reorganizations.reorganization, name="reorganization"),
    path("reorganizations/<int:pk>/call-off/", reorganizations.call_off, name="call_off"),
    path("<int:pk>/status/", status.status, name="status"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/<int:pk>/", calls.call_noted, name="call_noted"),
    path("letters/", calls.letter_list, name="letters"),
    path("letters/all/", calls.letter_to_all, name="letter_all"),
    path("letters/<int:pk>/", calls.letter_to, name="letter"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/lines/<int:pk>/hours/", plan_hours.plan_hours, name="plan_hours"),
    path("plans/hours/<int:pk>/back/", plan_hours.plan_hours_back, name="plan_hours_back"),
    path("import/", imports.upload_list, name="import"),
    path("import/template/", imports.import_template, name="import_template"),
    path("import/<uuid:pk>/", imports.import_preview, name="import_preview"),
    path("import/<uuid:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("import/<uuid:pk>/status/", imports.import_status, name="import_status"),
    path("imports/", imports.import_history, name="imports"),
    path("imports/<int:pk>/", imports.import_outcome, name="import_outcome"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/status/", imports.undo_status, name="undo_status"),
]
