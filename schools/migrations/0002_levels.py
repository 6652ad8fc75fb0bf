from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LEVELS = [("basic", "Базовый", 40), ("main", "Основной", 60), ("advanced", "Продвинутый", 80)]


def add_levels(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    level = apps.get_model("schools", "Level")
    for code, title, hours in LEVELS:
        level.objects.get_or_create(code=code, defaults={"title": title, "hours": hours})


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]

    operations = [migrations.RunPython(add_levels, migrations.RunPython.noop)]
