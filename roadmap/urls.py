"""Addresses of the app."""

from django.urls import URLPattern

app_name = "roadmap"
urlpatterns: list[URLPattern] = []
