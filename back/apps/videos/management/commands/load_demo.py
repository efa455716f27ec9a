from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.db.models import Video
from apps.videos.demo_data import load_demo, video_ids
from apps.videos.playback.demo import draw_clips


class Command(BaseCommand):
    help = "Loads the demo's videos, events and accounts (idempotent; only with DEBUG on)."

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError(
                "The demo's accounts have well-known passwords: load_demo works with DEBUG only."
            )
        loaded = load_demo()
        # By a worker: it takes seconds, and nothing waits for it.
        if Video.objects.filter(pk__in=video_ids(), file="").exists():
            draw_clips.enqueue(video_ids())
        self.stdout.write(
            f"demo: {loaded.videos} videos, {loaded.events} new events, {loaded.accounts} new accounts"
        )
