"""Measures how the portal carries a country: ``make bench``. Nothing of the portal imports this."""

import os

import django
from django.apps import apps

# Every module here speaks to models, so the portal is wired before the first of them is imported.
if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
