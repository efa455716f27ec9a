"""The prompt that asks for SQL: rules, then what changes less often, then what is new with each question."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from apps.api import prompts
from apps.api.asking.engine import Mistake
from apps.api.asking.question import Question, Turn
from apps.api.bedrock_service.examples import examples_for
from apps.api.bedrock_service.quoting import cut, quoted, quoted_lines
from apps.api.bedrock_service.scope_data import videos_data, words_data
from apps.api.bedrock_service.teaching import plan_rules
from llm import CachePoint, Message, Prompt, Text

LONGEST_SQL_SHOWN = 4_000
LONGEST_ANSWER_SHOWN = 600
EVENTS_SHOWN = 12
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def plan_prompt(
    question: Question, *, mistakes: Sequence[Mistake], handbook: bool, by_meaning: bool, version: str
) -> Prompt:
    """Rules are the same for everybody, videos from question to question: each ends in a cache point."""
    videos = prompts.render("plan.videos", version=version, videos=videos_data(question))
    asked = prompts.render(
        "plan.question",
        version=version,
        examples=quoted_lines(examples_for(question.prompt, own=question.examples, by_meaning=by_meaning)),
        words=words_data(question.prompt),
        history=quoted_lines([turn_data(turn) for turn in question.history]),
        now=now_data(question),
        handbook="There is a handbook: lookup may be used." if handbook else "There is no handbook.",
        meaning="There is a search by meaning: meaning may be used."
        if by_meaning
        else "There is no search by meaning.",
    )
    content = (Text(videos), CachePoint(), Text(asked), question_block(question.prompt))
    prompt = Prompt(system=(Text(plan_rules(version)), CachePoint()), messages=(Message("user", content),))
    for mistake in mistakes:
        prompt = prompt.followed_by(
            answer=cut(mistake.sql, LONGEST_SQL_SHOWN).strip() or "(no SQL)",
            # PostgreSQL's messages quote values: of rows, and so of strangers.
            complaint=prompts.render("plan.mistake", version=version, message=quoted(mistake.message)),
        )
    return prompt


def question_block(prompt: str) -> Text:
    """By itself and marked: what a guardrail is to judge is what the person wrote."""
    return Text(f"<question>{quoted(prompt)}</question>", guarded=True)


def now_data(question: Question) -> str:
    zone = ZoneInfo(question.videos[0].timezone if question.videos else "UTC")
    now = question.now.astimezone(zone)
    return f"{now.isoformat(timespec='seconds')} ({_DAYS[now.weekday()]}, {zone.key})"


def turn_data(turn: Turn) -> dict[str, Any]:
    evidence = [
        {
            "id": event.id,
            "video_id": event.video_id,
            "timestamp": event.timestamp,
            "event_type": event.event_type,
            "location": cut(event.location, 80),
            "track_id": event.track_id,
        }
        for event in turn.evidence[:EVENTS_SHOWN]
    ]
    return {
        "question": turn.prompt,
        "sql": cut(turn.sql, LONGEST_SQL_SHOWN),
        "answer": cut(turn.response, LONGEST_ANSWER_SHOWN),
        "evidence": evidence,
    }
