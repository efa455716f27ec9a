from django.conf import settings
from django.core.management.base import BaseCommand

from apps.jobs.lane import serve
from apps.jobs.queue import EVERY_LANE
from apps.jobs.supervisor import STOP_SECONDS, Supervisor


class Command(BaseCommand):
    help = "Runs background jobs until it is stopped; any number of these may run, on any number of machines."
    # Nothing may be opened before the processes are forked, and the database may not be there yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.WORKER_PROCESSES,
            help="for analysis and transcoding; one more takes the short jobs (default: WORKER_PROCESSES)",
        )
        parser.add_argument(
            "--stop-seconds",
            type=float,
            default=STOP_SECONDS,
            help="how long jobs have, after a signal, to come to a point where they can be put back",
        )
        parser.add_argument(
            "--until-empty", action="store_true", help="run what is waiting, in this process, and end"
        )

    def handle(self, *args, **options):
        if options["until_empty"]:
            serve(EVERY_LANE, until_empty=True)
        else:
            Supervisor(heavy=max(1, options["processes"]), stop_seconds=options["stop_seconds"]).run()
