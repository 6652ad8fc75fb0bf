"""Addresses of the app."""

from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("readiness/", views.readiness_page, name="readiness"),
    path("roadmap/", views.roadmap_progress_page, name="roadmap_progress"),
    path("school-levels/", views.school_levels_page, name="school_levels"),
]
