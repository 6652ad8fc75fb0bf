"""Telephones become one word of what schools are searched by: their parts were taken for the numbers of schools."""

from typing import Any

from django.db import migrations

from schools.querysets import phone_digits, searchable

BATCH = 1000


def rewrite(apps: Any, schema_editor: Any) -> None:
    """Write anew what every school is searched by."""
    profiles = apps.get_model("schools", "SchoolProfile").objects.using(schema_editor.connection.alias)
    found = []
    for profile in profiles.select_related("organization").iterator(chunk_size=BATCH):
        school = profile.organization
        profile.search_text = searchable(
            school.name,
            school.short_name,
            school.inn,
            profile.contact_name,
            profile.contact_email,
            phone_digits(profile.contact_phone),
        )
        found.append(profile)
    profiles.bulk_update(found, ["search_text"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0011_good_rows_alone"),
    ]

    operations = [
        migrations.RunPython(rewrite, migrations.RunPython.noop, elidable=True),
    ]
