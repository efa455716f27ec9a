"""The demo: three videos, their events and the accounts to look at them with. Only under DEBUG."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from apps.db.models import Event, User, Video, VideoShare

FOLDER = Path(__file__).with_name("fixtures") / "demo"
# Known to everybody who reads this, which is why the command refuses to run without DEBUG.
PASSWORD = "playhead-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Loaded:
    videos: int
    events: int
    accounts: int


def _videos() -> list[dict[str, Any]]:
    rows = json.loads((FOLDER / "videos.json").read_text(encoding="utf-8"))
    for row in rows:
        row["recorded_at"] = row["recorded_at"] and datetime.fromisoformat(row["recorded_at"])
    return rows


def video_ids() -> list[int]:
    return [row["id"] for row in _videos()]


def _events() -> list[dict[str, Any]]:
    with (FOLDER / "events.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _accounts() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "accounts.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_demo() -> Loaded:
    """Adds what is missing, with the ids of the files; what is there stays: somebody may have changed it."""
    videos = Video.objects.bulk_create([Video(**row) for row in _videos()], ignore_conflicts=True)
    present = set(Event.objects.values_list("video_id", flat=True).filter(source="demo").distinct())
    events = [
        Event(source="demo", external_id=f"demo-{row['id']}", **row)
        for row in _events()
        if row["video_id"] not in present
    ]
    Event.objects.bulk_create(events, ignore_conflicts=True)
    accounts = 0
    for account in _accounts():
        accounts += _account(account)
    _continue_ids()
    return Loaded(len(videos), len(events), accounts)


def _account(account: dict[str, Any]) -> int:
    user, created = User.objects.get_or_create(
        username=account["username"],
        defaults={"is_staff": account["is_staff"], "is_superuser": account["is_superuser"]},
    )
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    Video.objects.filter(pk__in=account["owns"], owner=None).update(owner=user)
    for may_edit, ids in ((False, account["views"]), (True, account["edits"])):
        for video_id in ids:
            VideoShare.objects.get_or_create(video_id=video_id, user=user, defaults={"may_edit": may_edit})
    return int(created)


def _continue_ids() -> None:
    """Rows with ids of their own leave the sequences behind; the next insert would collide."""
    with connection.cursor() as cursor:
        for table in ("db_video", "db_event"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(
                f"SELECT setval({sequence}, greatest((SELECT max(id) FROM {table}), nextval({sequence}) - 1))"  # noqa: S608
            )
