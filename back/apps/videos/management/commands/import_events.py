import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.db.models import Video
from apps.http.errors import InvalidInput
from apps.videos.events.body import CHUNK
from apps.videos.events.reading import READERS
from apps.videos.events.storing import store_events
from apps.videos.import_export.importing import FEEDS, import_feed

FORMATS = {"json": "application/json", "jsonl": "application/x-ndjson", "ndjson": "application/x-ndjson"} | {
    "csv": "text/csv"
}


class Command(BaseCommand):
    help = "Adds the events of a file to a video: all of them, or none with the place of each mistake."

    def add_arguments(self, parser):
        parser.add_argument("file", help="JSON, NDJSON, CSV or another system's file; - reads standard input")
        parser.add_argument("--video", type=int, required=True, help="the video's id")
        parser.add_argument(
            "--format", choices=sorted({*FORMATS, *FEEDS}), help="default: by the file's ending"
        )

    def handle(self, *args, **options):
        path = options["file"]
        ending = options["format"] or Path(path).suffix.lstrip(".").lower()
        if ending not in FORMATS and ending not in FEEDS:
            raise CommandError("Which format is it? Say --format json, ndjson, csv, aihub, kisa or frigate.")
        video = Video.objects.filter(pk=options["video"]).first()
        if video is None:
            raise CommandError(f"There is no video {options['video']}.")
        try:
            stream = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        with stream:
            try:
                if ending in FEEDS:
                    stored = import_feed(video, FEEDS[ending], stream)
                else:
                    entries = READERS[FORMATS[ending]](iter(lambda: stream.read(CHUNK), b""))
                    stored = store_events(video, entries, most=settings.INGEST_MAX_EVENTS)
            except InvalidInput as error:
                lines = [f"{problem.attr or path}: {problem.detail}" for problem in error.problems]
                raise CommandError("Nothing was stored.\n" + "\n".join(lines)) from None
        self.stdout.write(f"{stored.created} created, {stored.updated} updated, {stored.unchanged} unchanged")
