import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from pydantic import ValidationError

from apps.api.asking.conversation import NoSuchConversation
from apps.api.asking.pipeline import Asked, CouldNotAnswer
from apps.api.asking.running import ReaderAway
from apps.api.asking.scope import NoSuchVideo, TooManyVideos
from apps.api.fields import PromptIn
from apps.api.management.telling import told
from apps.api.views import process_prompt_logic
from apps.db.access import EVERYBODY, Actor
from apps.db.models import User


class Command(BaseCommand):
    help = "Asks a question as POST /api/prompt/ would, and prints answer, moments, SQL and cost."

    def add_arguments(self, parser):
        parser.add_argument("prompt")
        parser.add_argument("--video", type=int, help="the id of one video; all of them without")
        parser.add_argument("--user", help="ask as this user; without, every video is seen")
        parser.add_argument("--language", choices=["ko", "en"], help="of the answer")
        parser.add_argument("--now", help="the moment of asking, e.g. 2031-05-06T14:00+09:00")
        parser.add_argument("--conversation", help="go on with this conversation")
        parser.add_argument("--json", action="store_true", help="the whole reply as JSON")

    def handle(self, *args, prompt: str, **options):
        body = _checked(
            prompt=prompt,
            video_id=options["video"],
            conversation_id=options["conversation"],
            language=options["language"],
            now=_moment(options["now"]),
        )
        asked = Asked(
            prompt=body.prompt,
            actor=_actor(options["user"]),
            video_id=body.video_id,
            conversation_id=body.conversation_id,
            language=body.language,
            now=body.now,
        )
        try:
            reply = process_prompt_logic(asked)
        except NoSuchVideo as error:
            raise CommandError(f"There is no video {options['video']} that may be seen.") from error
        except NoSuchConversation as error:
            raise CommandError("There is no such conversation.") from error
        except TooManyVideos as error:
            raise CommandError(
                "More videos than can be asked about at once: choose one with --video."
            ) from error
        except ReaderAway as error:
            raise CommandError(f"The database of READER_DATABASE_URL cannot be reached: {error}") from error
        except CouldNotAnswer as error:
            raise CommandError(
                f"No engine could answer ({error.code}). `manage.py llm_check` tries the models; "
                "the offline engine has to run at TEXT2SQL_URL."
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(reply, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(told(reply)))


def _checked(**given: Any) -> PromptIn:
    """By the same rules as a request."""
    try:
        return PromptIn.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise CommandError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _actor(username: str | None) -> Actor:
    if username is None:
        return EVERYBODY
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user {username}.")
    return Actor.of(user)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--now wants a moment such as 2031-05-06T14:00+09:00.") from None
    return at if at.tzinfo else timezone.make_aware(at)
