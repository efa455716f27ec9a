import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.db.vectors.state import state_of
from llm.accepts import bare_id
from llm.check import check_models, format_table, working


class Command(BaseCommand):
    help = "Tries every configured language model as its role uses it: what works, costs and retires."
    requires_system_checks = []

    def handle(self, *args, **options):
        rows = check_models(settings.LLM)
        self.stdout.write(format_table(rows))
        if not settings.USE_BEDROCK:
            self.stdout.write("USE_BEDROCK is false: questions go to the offline engine whatever works here.")
        if not settings.LLM.models("embed"):
            self.stdout.write("No embedding model is set: there is no search by meaning.")
        elif settings.USE_BEDROCK:
            name, requested = bare_id(settings.LLM.embedding_model()), settings.LLM.embedding_dimensions or 0
            self.stdout.write(str(state_of(name=name, requested=requested)))
        if not working(rows):
            sys.exit(1)
