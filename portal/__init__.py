"""Wiring of the portal: settings, addresses, Celery, the home page."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
