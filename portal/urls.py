"""Addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("", include("accounts.factor_urls")),
    path("roadmaps/", include("roadmap.urls")),
    path("obligations/", include("obligations.urls")),
    path("schools/", include("schools.urls")),
    path("reporting/", include("reporting.urls")),
    path("exports/", include("exports.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
