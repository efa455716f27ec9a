"""The prompt that asks for words: the rules, then what was found, written as a person would say it."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from apps.api import prompts
from apps.api.asking.engine import Found
from apps.api.asking.question import Question
from apps.api.bedrock_service.plan_prompt import now_data, question_block
from apps.api.bedrock_service.quoting import cut, quoted, quoted_lines
from apps.api.bedrock_service.teaching import phrase_rules
from apps.api.phrase.voices import VOICES, Voice
from apps.api.types import Coverage, EventRow, VideoInfo
from llm import CachePoint, Message, Prompt, Text

MOST_EVENTS = 40
MOST_ROWS = 100
MOST_SEARCHED = 20
LONGEST_TEXT = 400
LONGEST_PASSAGE = 2_000
_LANGUAGES = {"ko": "Korean", "en": "English"}


def phrase_prompt(
    question: Question, found: Found, *, said: str, complaints: Sequence[str], version: str
) -> Prompt:
    """`said`: the text that the complaints are about."""
    asked = prompts.render(
        "phrase.found",
        version=version,
        earlier=quoted([turn.prompt for turn in question.history]),
        now=now_data(question),
        found=_found_data(question, found),
        handbook=quoted([cut(passage, LONGEST_PASSAGE) for passage in found.passages]),
        language=_LANGUAGES[question.language],
    )
    prompt = Prompt(
        system=(Text(phrase_rules(version)), CachePoint()),
        messages=(Message("user", (Text(asked), question_block(question.prompt))),),
    )
    if not complaints:
        return prompt
    return prompt.followed_by(
        answer=said.strip() or "(nothing)",
        complaint=prompts.render("phrase.complaint", version=version, complaints=quoted(list(complaints))),
    )


def _found_data(question: Question, found: Found) -> str:
    voice = VOICES[question.language]
    videos = {video.id: video for video in question.videos}
    several = len(videos) > 1
    told: list[Any] = []
    told.append({"asked_for": found.plan.intent or "", "event_count": found.evidence.count})
    told.extend(_result(found))
    told.append(
        {
            "searched": [
                _searched(c, videos[c.video_id], voice, several=several)
                for c in found.coverage[:MOST_SEARCHED]
                if c.video_id in videos
            ]
        }
    )
    events = found.evidence.events[:MOST_EVENTS]
    told.append({"events": [_event(e, videos.get(e.video_id), voice, several=several) for e in events]})
    if found.similar is not None:
        there = {event.id for event in events}
        like = [event for event in found.similar.events if event.id not in there]
        told.append(
            {
                "similar_in_meaning": [
                    _event(e, videos.get(e.video_id), voice, several=several) for e in like
                ],
                "all_can_be_found_by_meaning": found.similar.whole,
            }
        )
    return quoted_lines(told)


def _result(found: Found) -> list[dict[str, Any]]:
    """Rows of events say nothing that the events do not say better."""
    columns, rows = found.result.columns, found.result.rows
    if "id" in columns or not columns:
        return []
    shown = [[cut(cell, LONGEST_TEXT) if isinstance(cell, str) else cell for cell in row] for row in rows]
    if columns == ("value",):
        values = [row[0] for row in shown[:MOST_ROWS]]
        return [{"value": values[0] if len(values) == 1 else values}]
    more = {"rows_in_all": len(rows)} if len(rows) > MOST_ROWS else {}
    cut_off = {"there_are_more": True} if found.result.truncated else {}
    return [{"columns": columns, "rows": shown[:MOST_ROWS], **more, **cut_off}]


def _searched(coverage: Coverage, video: VideoInfo, voice: Voice, *, several: bool) -> dict[str, Any]:
    searched: dict[str, Any] = {"video": cut(video.name, LONGEST_TEXT)} if several else {}
    if coverage.from_ > 0 or coverage.to != video.duration:
        searched |= {"from": voice.offset(coverage.from_), "to": voice.offset(coverage.to)}
    else:
        searched["all_of_the_video"] = True
    if video.duration is not None:
        searched["recording_lasts"] = voice.length(video.duration)
        searched["beyond_the_end"] = coverage.to > video.duration or coverage.from_ >= video.duration
    searched["analysed_to_the_end"] = coverage.complete
    if not coverage.complete:
        searched["analysed_until"] = voice.offset(coverage.analyzed_until)
    return searched


def _event(event: EventRow, video: VideoInfo | None, voice: Voice, *, several: bool) -> dict[str, Any]:
    """As it is said: a model that has nothing to convert converts nothing wrongly."""
    told: dict[str, Any] = {"id": event.id, "moment": voice.offset(event.timestamp)}
    if event.length is not None:
        told["lasts"] = voice.length(event.length)
    if video is not None:
        if event.occurred_at is not None:
            at = event.occurred_at.astimezone(ZoneInfo(video.timezone))
            told["clock"] = f"{at.date().isoformat()} {voice.clock(at)}"
        if several:
            told |= {"video": cut(video.name, LONGEST_TEXT), "camera": cut(video.camera, LONGEST_TEXT)}
    told |= {
        "kind": voice.kind(event.event_type),
        "place": cut(event.location, LONGEST_TEXT),
        "action": cut(event.action_detected, LONGEST_TEXT),
        "description": cut(event.description, LONGEST_TEXT),
        "age": event.age,
        "gender": voice.gender(event.gender) if event.gender != "unknown" else None,
        "person": event.track_id,
        "confidence": f"{event.confidence * 100:g}%",
    }
    return {key: value for key, value in told.items() if value not in ("", None)}
