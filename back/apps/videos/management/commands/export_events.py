import sys
from pathlib import Path
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError

from apps.db.models import Event, Video
from apps.videos.events.writing import WRITERS


class Command(BaseCommand):
    help = "Writes a video's events to a file that import_events takes."

    def add_arguments(self, parser):
        parser.add_argument("file", help="NDJSON or CSV by its ending; - writes to standard output")
        parser.add_argument("--video", type=int, required=True, help="the video's id")
        parser.add_argument("--format", choices=sorted(WRITERS), help="default: by the file's ending")

    def handle(self, *args, **options):
        path = options["file"]
        ending = options["format"] or Path(path).suffix.lstrip(".").lower()
        if ending not in WRITERS:
            raise CommandError("Which format shall it be? Say --format ndjson or csv.")
        if not Video.objects.filter(pk=options["video"]).exists():
            raise CommandError(f"There is no video {options['video']}.")
        events = Event.objects.filter(video=options["video"])
        if path == "-":
            WRITERS[ending](events, cast(IO[str], self.stdout))
            return
        # A half-written export must not be taken for a whole one.
        part = Path(f"{path}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as out:
                count = WRITERS[ending](events, out)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{path}: {error.strerror}") from None
        print(f"{count} events", file=sys.stderr)  # noqa: T201  standard output may be a pipe
