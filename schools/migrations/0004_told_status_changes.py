"""Schools closed and opened before the registry kept its history."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def tell_status_changes(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Tell the history when schools closed and opened: who was open on which day follows from it."""
    change = apps.get_model("schools", "RegistryChange")
    known = apps.get_model("schools", "SchoolStatusChange").objects.order_by("pk")
    change.objects.bulk_create(
        (
            change(
                organization_id=one.organization_id,
                field="is_active",
                was="" if one.is_open else "1",
                becomes="1" if one.is_open else "",
                on=one.on,
                source="page",
                note=one.reason[:300],
                by_id=one.by_id,
                at=one.at,
            )
            for one in known.iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_registry")]

    operations = [migrations.RunPython(tell_status_changes, migrations.RunPython.noop)]
