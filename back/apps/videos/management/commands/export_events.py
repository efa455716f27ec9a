import sys
from pathlib import Path
from typing import IO, cast

from django.core.management.base import BaseCommand, CommandError

from apps.db.models import Video
from apps.videos.import_export.exporting import EXPORTS

ENDINGS = {
    "ndjson": "ndjson",
    "jsonl": "ndjson",
    "csv": "csv",
    "json": "json",
    "vtt": "chapters",
}


class Command(BaseCommand):
    help = "Writes a video's events to a file: NDJSON or CSV that import_events takes, or for others."

    def add_arguments(self, parser):
        parser.add_argument("file", help="- writes to standard output")
        parser.add_argument("--video", type=int, required=True, help="the video's id")
        parser.add_argument(
            "--format", choices=sorted({*EXPORTS, *ENDINGS}), help="default: by the file's ending"
        )

    def handle(self, *args, **options):
        path = options["file"]
        ending = options["format"] or Path(path).suffix.lstrip(".").lower()
        export = EXPORTS.get(ENDINGS.get(ending, ending))
        if export is None:
            raise CommandError(f"Which format shall it be? Say --format {' or '.join(EXPORTS)}.")
        video = Video.objects.filter(pk=options["video"]).first()
        if video is None:
            raise CommandError(f"There is no video {options['video']}.")
        if path == "-":
            export.write(video, cast(IO[str], self.stdout))
            return
        # A half-written export must not be taken for a whole one.
        part = Path(f"{path}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as out:
                count = export.write(video, out)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{path}: {error.strerror}") from None
        print(f"{count} events", file=sys.stderr)  # noqa: T201  standard output may be a pipe
