"""What every statement is built from."""

from sqlglot import exp

from text2sql.compile.conditions import (
    aliased,
    all_of,
    column,
    events,
    known,
    lasting,
    needs_video,
    select,
    string,
    table,
)
from text2sql.query import Measure, Query
from text2sql.semantics_rows import VEHICLE_TYPES

EVENT_COLUMNS = (
    "id",
    "video_id",
    "timestamp",
    "end_timestamp",
    "occurred_at",
    "event_type",
    "severity",
    "action_detected",
    "location",
    "age",
    "gender",
    "confidence",
    "track_id",
    "description",
)


Pair = tuple[exp.Select, exp.Select]


Best = type[exp.Max] | type[exp.Min]


def select_from(
    select: exp.Select, conditions: list[exp.Expression], *, video: bool, alias: str = "e"
) -> exp.Select:
    select = select.from_(events(alias), copy=False)
    if video:
        join = exp.EQ(this=column("id", "v"), expression=column("video_id", alias))
        select = select.join(table("db_video", "v"), on=join, copy=False)
    return select.where(all_of(conditions), copy=False) if conditions else select


def whole_events(alias: str = "e") -> exp.Select:
    return select(*(column(name, alias) for name in EVENT_COLUMNS))


def event_ids(alias: str = "e") -> exp.Select:
    return select(aliased(column("id", alias), "id"))


def time_order(query: Query, alias: str = "e", *, descending: bool = False) -> list[exp.Expression]:
    """Over several videos that of the wall clock, videos without one last."""
    keys = ["timestamp", "id"]
    if len(query.videos) != 1:
        keys = ["occurred_at", "video_id", *keys]
    return [exp.Ordered(this=column(key, alias), desc=descending, nulls_first=False) for key in keys]


def list_events(
    query: Query, conditions: list[exp.Expression], *, video: bool = False, alias: str = "e"
) -> Pair:
    video = video or needs_video(query)
    order = time_order(query, alias)
    return (
        select_from(whole_events(alias), conditions, video=video, alias=alias).order_by(*order, copy=False),
        select_from(event_ids(alias), conditions, video=video, alias=alias).order_by(
            *[o.copy() for o in order], copy=False
        ),
    )


def measured(measure: Measure | str, alias: str) -> exp.Expression:
    return lasting(alias) if measure == "duration" else column(str(measure), alias)


def has_measure(measure: Measure | str, alias: str) -> list[exp.Expression]:
    return [known(column("end_timestamp" if measure == "duration" else str(measure), alias))]


def tracks(alias: str = "e") -> exp.Expression:
    pair = exp.Tuple(expressions=[column("video_id", alias), column("track_id", alias)])
    return exp.Count(this=exp.Distinct(expressions=[pair]))


def no_vehicles(query: Query) -> list[exp.Expression]:
    types = set(query.filters.types)
    if types and not types & set(VEHICLE_TYPES):
        return []
    codes = [string(code) for code in VEHICLE_TYPES]
    return [exp.Not(this=exp.In(this=column("event_type"), expressions=codes))]
