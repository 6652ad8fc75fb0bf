"""Addresses of the app."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
    path("new/", views.export_create, name="create"),
    path("<uuid:pk>/", views.export_detail, name="detail"),
    path("<uuid:pk>/status/", views.export_status, name="status"),
    path("<uuid:pk>/download/", views.export_download, name="download"),
    path("<uuid:pk>/retry/", views.export_retry, name="retry"),
]
