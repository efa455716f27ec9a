"""Step 1: which videos may be asked about, and what is frequent in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, Value

from apps.api.asking.question import Scoped
from apps.api.types import VideoInfo
from apps.db.access import Actor
from apps.db.models import Video
from apps.db.models.video import MOST_SHARED

# Of one's own; beside them MOST_SHARED of what others share, who cannot use up this number.
MOST_VIDEOS = 1000
# Of a video with more events than this, a part tells which places and actions are frequent.
LOOKED_AT = 20_000
MOST_WORDS = 5_000  # places, and actions, over all videos of a question
LONGEST_WORD = 200
REMEMBERED_VIDEOS = 4096
REMEMBERED_WORDS = 500_000  # some hundred megabytes at the very most, usually a few

Profile = tuple[tuple[str, ...], tuple[str, ...]]

_FREQUENT = """
    SELECT v.id, seen.kind, seen.word
    FROM unnest(%s::bigint[]) AS v(id), LATERAL (
      SELECT kind, word, n, row_number() OVER (PARTITION BY kind ORDER BY n DESC, word) AS place FROM (
        SELECT kind, word, count(*) AS n FROM (
          SELECT location, action_detected FROM db_event WHERE video_id = v.id ORDER BY "timestamp" LIMIT %s
        ) AS e, LATERAL (VALUES (0, e.location), (1, e.action_detected)) AS w(kind, word)
        WHERE word <> '' GROUP BY kind, word
      ) AS counted
    ) AS seen
    WHERE seen.place <= %s
    ORDER BY v.id, seen.kind, seen.place
"""

_FIELDS = (
    *("id", "name", "camera", "site", "duration", "recorded_at", "timezone", "status", "analyzed_until"),
    *("events_version", "updated_at", "shared"),
)
# Stand in the compiled SQL for the asker and for the video.
_SOMEBODY, _SOME_VIDEO = -1, -2

_lock = Lock()
# The latest of each video, with the version that it was made of: the number of changes alone would be that of
# another video too, where a database is made anew under its name.
_profiles: dict[tuple[str, int], tuple[str, Profile]] = {}


class TooManyVideos(Exception):
    """More than can be asked about at once; one has to be chosen."""


class NoSuchVideo(Exception):
    """Not there, or not the asker's to see."""


def scope_of(actor: Actor, *, video_id: int | None) -> tuple[Scoped, ...]:
    sql, values = _visible(sees_all=actor.sees_all, one=video_id is not None)
    told = {_SOMEBODY: actor.user_id, _SOME_VIDEO: video_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, [told.get(value, value) for value in values])
        rows: list[dict[str, Any]] = [dict(zip(_FIELDS, row, strict=True)) for row in cursor.fetchall()]
    if video_id is not None and not rows:
        raise NoSuchVideo
    others = sum(row.pop("shared") for row in rows)
    if len(rows) - others > MOST_VIDEOS or others > MOST_SHARED:
        raise TooManyVideos
    versions = {row["id"]: version_of(row.pop("events_version"), row.pop("updated_at")) for row in rows}
    profiles = _profiles_of(versions)
    share = MOST_WORDS // max(len(rows), 1)
    scoped = []
    for row in rows:
        locations, actions = profiles[row["id"]]
        scoped.append(Scoped(VideoInfo(**row), locations[:share], actions[:share], versions[row["id"]]))
    return tuple(scoped)


@lru_cache(maxsize=4)
def _visible(*, sees_all: bool, one: bool) -> tuple[str, tuple[Any, ...]]:
    """`visible_to` as SQL, written once: Django takes longer to write it than PostgreSQL to run it."""
    videos = Video.objects.visible_to(Actor(user_id=_SOMEBODY, sees_all=sees_all))
    if one:
        videos = videos.filter(pk=_SOME_VIDEO)
    # One's own first: where the scope is large, a model is told of the first alone.
    shared = Value(False) if sees_all else ExpressionWrapper(~Q(owner=_SOMEBODY), BooleanField())
    ordered = videos.annotate(shared=shared).order_by("shared", "pk").values_list(*_FIELDS)
    chosen = ordered[: MOST_VIDEOS + MOST_SHARED + 1]
    sql, values = chosen.query.sql_with_params()
    assert sees_all or _SOMEBODY in values
    assert not one or _SOME_VIDEO in values
    return sql, values


def version_of(events_version: int, updated_at: datetime) -> str:
    return f"{events_version}:{updated_at.timestamp()}"


def _profiles_of(wanted: Mapping[int, str]) -> dict[int, Profile]:
    database = connection.settings_dict["NAME"]
    nothing: tuple[str, Profile] = ("", ((), ()))
    known: dict[int, Profile] = {}
    with _lock:
        for video, version in wanted.items():
            made_of, profile = _profiles.get((database, video), nothing)
            if made_of == version:
                known[video] = profile
    missing = {video: version for video, version in wanted.items() if video not in known}
    if missing:
        read = _read_profiles(list(missing))
        known |= read
        with _lock:
            for video, version in missing.items():
                _profiles.pop((database, video), None)  # what is renewed is not the oldest any more
                _profiles[database, video] = (version, read[video])
            _forget_the_oldest()
    return known


def _forget_the_oldest() -> None:
    words = sum(len(places) + len(actions) for _, (places, actions) in _profiles.values())
    while words > REMEMBERED_WORDS or len(_profiles) > REMEMBERED_VIDEOS:
        _, (places, actions) = _profiles.pop(next(iter(_profiles)))
        words -= len(places) + len(actions)


def _read_profiles(videos: Sequence[int]) -> dict[int, Profile]:
    words: dict[int, tuple[list[str], list[str]]] = {video: ([], []) for video in videos}
    with connection.cursor() as cursor:
        cursor.execute(_FREQUENT, [list(videos), LOOKED_AT, MOST_WORDS])
        for video, kind, word in cursor.fetchall():
            words[video][kind].append(word[:LONGEST_WORD])
    return {video: (tuple(places), tuple(actions)) for video, (places, actions) in words.items()}
