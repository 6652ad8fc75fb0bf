"""Bring obligations in step with the registry from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Region
from obligations.reconciling import reconcile_region


class Command(BaseCommand):
    """``manage.py reconcile_obligations [--region 68]``: the same as the nightly job."""

    help = "Дать новым организациям поручения и снять их с закрытых; повторный запуск ничего не меняет."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the region's code."""
        parser.add_argument("--region", metavar="КОД", help="код субъекта РФ; без него — все")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reconcile each region and say what came of it."""
        regions = Region.objects.order_by("code")
        if options["region"]:
            regions = regions.filter(code=options["region"])
            if not regions:
                raise CommandError(f"Субъекта РФ с кодом {options['region']} нет.")
        for region in regions:
            added, cancelled = reconcile_region(region=region, by=None, at=timezone.now())
            self.stdout.write(f"{region.name}: добавлено {added}, снято {cancelled}")
