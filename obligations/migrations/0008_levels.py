"""Dates of levels instead of kinds: schools on the regional budget stand on a level of their own."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def part_schools(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now all schools owed by one date: those on the regional budget keep it."""
    LevelDue = apps.get_model("obligations", "LevelDue")
    LevelDue.objects.bulk_create(
        LevelDue(requirement_id=one.requirement_id, level="regional_school", due_on=one.due_on)
        for one in LevelDue.objects.filter(level="school")
    )


def join_schools(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back then schools had one date: that of the municipalities' schools."""
    apps.get_model("obligations", "LevelDue").objects.filter(level="regional_school").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0007_obligation_behind"),
    ]

    operations = [
        migrations.RemoveConstraint("leveldue", "level_due_once"),
        migrations.RenameField("leveldue", "kind", "level"),
        migrations.AlterField(
            "leveldue",
            "level",
            models.CharField(
                choices=[
                    ("municipality", "Муниципалитеты"),
                    ("school", "Школы муниципалитетов"),
                    ("regional_school", "Школы регионального подчинения"),
                ],
                max_length=24,
                verbose_name="уровень",
            ),
        ),
        migrations.AddConstraint(
            "leveldue", models.UniqueConstraint(fields=("requirement", "level"), name="level_due_once")
        ),
        migrations.RunPython(part_schools, join_schools),
    ]
