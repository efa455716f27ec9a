from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.db.reader_role import ReaderRole, ensure_reader


class Command(BaseCommand):
    help = "Makes or repairs the role that runs the SQL of questions, as READER_DATABASE_URL names it."

    def handle(self, *args, **options):
        if not settings.READER_DATABASE_URL:
            raise CommandError("READER_DATABASE_URL is not set: it names the reader's role and password.")
        role = ReaderRole.from_url(settings.READER_DATABASE_URL)
        for note in ensure_reader(connection, role=role, timeout_ms=settings.READER_TIMEOUT_MS):
            self.stdout.write(f"note: {note}")
        self.stdout.write(f"reader role {role.name} is ready")
