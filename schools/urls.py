"""Addresses of the app."""

from django.urls import path

from schools.views import imports, registry, status

app_name = "schools"
urlpatterns = [
    path("", registry.school_list, name="list"),
    path("<int:pk>/", registry.school_detail, name="detail"),
    path("<int:pk>/status/", status.status, name="status"),
    path("import/", imports.upload_list, name="import"),
    path("import/template/", imports.import_template, name="import_template"),
    path("import/<uuid:pk>/", imports.import_preview, name="import_preview"),
    path("import/<uuid:pk>/confirm/", imports.import_confirm, name="import_confirm"),
]
