"""Step 1: which videos may be asked about, and what is frequent in them."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

from django.db import connection

from apps.api.asking.question import Scoped
from apps.api.types import VideoInfo
from apps.db.access import Actor
from apps.db.models import Video

MOST_VIDEOS = 1000
# Of a video with more events than this, a part tells which places and actions are frequent.
LOOKED_AT = 20_000
MOST_WORDS = 5_000  # places, and actions, over all videos of a question
LONGEST_WORD = 200
REMEMBERED = 4096

Profile = tuple[tuple[str, ...], tuple[str, ...]]

_FREQUENT = """
    SELECT v.id, seen.kind, seen.word
    FROM unnest(%s::bigint[]) AS v(id), LATERAL (
      SELECT kind, word, count(*) AS n FROM (
        SELECT location, action_detected FROM db_event WHERE video_id = v.id ORDER BY "timestamp" LIMIT %s
      ) AS e, LATERAL (VALUES (0, e.location), (1, e.action_detected)) AS w(kind, word)
      WHERE word <> '' GROUP BY kind, word
    ) AS seen
    ORDER BY v.id, seen.n DESC, seen.word
"""

_lock = Lock()
# (video, version of its events) → profile. A new version makes the old entry useless, never wrong.
_profiles: dict[tuple[str, int, int], Profile] = {}


class TooManyVideos(Exception):
    """More than can be asked about at once; one has to be chosen."""


class NoSuchVideo(Exception):
    """Not there, or not the asker's to see."""


def scope_of(actor: Actor, *, video_id: int | None) -> tuple[Scoped, ...]:
    videos = Video.objects.visible_to(actor)
    if video_id is not None:
        videos = videos.filter(pk=video_id)
    rows: list[Any] = list(
        videos.order_by("pk").values(
            "id", "name", "camera", "site", "duration", "recorded_at", "timezone", "status", "analyzed_until",
            "events_version", "updated_at",
        )[: MOST_VIDEOS + 1]
    )  # fmt: skip
    if video_id is not None and not rows:
        raise NoSuchVideo
    if len(rows) > MOST_VIDEOS:
        raise TooManyVideos
    profiles = _profiles_of([(row["id"], row["events_version"]) for row in rows])
    share = MOST_WORDS // max(len(rows), 1)
    scoped = []
    for row in rows:
        version = f"{row.pop('events_version')}:{row.pop('updated_at').timestamp()}"
        locations, actions = profiles[row["id"]]
        scoped.append(Scoped(VideoInfo(**row), locations[:share], actions[:share], version))
    return tuple(scoped)


def _profiles_of(wanted: Sequence[tuple[int, int]]) -> dict[int, Profile]:
    database = connection.settings_dict["NAME"]
    with _lock:
        known = {video: _profiles.get((database, video, version)) for video, version in wanted}
    missing = [video for video, profile in known.items() if profile is None]
    if missing:
        known |= _read_profiles(missing)
        with _lock:
            if len(_profiles) + len(missing) > REMEMBERED:
                _profiles.clear()
            _profiles.update(
                {(database, video, version): known[video] or ((), ()) for video, version in wanted}
            )
    return {video: profile or ((), ()) for video, profile in known.items()}


def _read_profiles(videos: Sequence[int]) -> dict[int, Profile | None]:
    words: dict[int, tuple[list[str], list[str]]] = {video: ([], []) for video in videos}
    with connection.cursor() as cursor:
        cursor.execute(_FREQUENT, [list(videos), LOOKED_AT])
        for video, kind, word in cursor.fetchall():
            words[video][kind].append(word[:LONGEST_WORD])
    return {video: (tuple(places), tuple(actions)) for video, (places, actions) in words.items()}
