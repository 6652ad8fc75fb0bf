"""Addresses of the app."""

from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("roadmap/", views.roadmap_progress_page, name="roadmap_progress"),
]
