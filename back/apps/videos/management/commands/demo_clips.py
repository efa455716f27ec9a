from django.core.management.base import BaseCommand

from apps.videos.demo_data import video_ids
from apps.videos.playback.demo import give_clips


class Command(BaseCommand):
    help = (
        "Draws a playable clip for every video of the demo that lacks one (load_demo leaves it to a worker)."
    )

    def handle(self, *args, **options):
        given = give_clips(video_ids(), progress=self.stdout.write)
        self.stdout.write(f"{given} clips drawn" if given else "every video of the demo has its clip")
