from django.core.management.base import BaseCommand

from apps.videos.retention.rules import apply, expired


class Command(BaseCommand):
    help = (
        "Shows what the retention rules would delete; with --apply, deletes it (as workers do by themselves)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="delete; without it nothing is changed")

    def handle(self, *args, **options):
        count = 0
        for entry in list(expired()):
            if options["apply"]:
                apply(entry)
            self.stdout.write(("deleted: " if options["apply"] else "would delete: ") + entry.words)
            count += 1
        if not count:
            self.stdout.write("nothing has expired")
        elif not options["apply"]:
            self.stdout.write(f"{count} in all; nothing was changed (--apply deletes)")
