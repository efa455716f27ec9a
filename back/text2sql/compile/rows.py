"""Rows of (label, n): groupings, the most of them, comparisons."""

from collections.abc import Callable

from sqlglot import exp

from text2sql.compile.building import Pair, list_events, no_vehicles, select_from, tracks
from text2sql.compile.conditions import (
    aliased,
    all_of,
    among,
    any_of,
    column,
    conditions_of,
    filters,
    known,
    needs_video,
    number,
    select,
    string,
)
from text2sql.query import Query, Side


def _label(query: Query) -> tuple[exp.Expression, list[exp.Expression], bool]:
    """(the label, what must be known for it, whether it needs the video)."""
    local = exp.Paren(this=exp.AtTimeZone(this=column("occurred_at"), zone=column("timezone", "v")))
    whole = "int"
    by: dict[str, Callable[[], tuple[exp.Expression, list[exp.Expression], bool]]] = {
        "type": lambda: (column("event_type"), [], False),
        "place": lambda: (column("location"), [known(column("location"))], False),
        "gender": lambda: (column("gender"), [], False),
        "severity": lambda: (column("severity"), [], False),
        "track": lambda: (column("track_id"), [known(column("track_id"))], False),
        "age_decade": lambda: (
            exp.Mul(
                this=exp.Paren(this=exp.Div(this=column("age"), expression=number(10), typed=True)),
                expression=number(10),
            ),
            [known(column("age"))],
            False,
        ),
        "minute": lambda: (
            exp.cast(
                exp.Floor(this=exp.Div(this=column("timestamp"), expression=number(60), typed=True)),
                whole,
                dialect="postgres",
            ),
            [],
            False,
        ),
        "hour": lambda: (
            exp.cast(exp.Extract(this=exp.var("HOUR"), expression=local), whole, dialect="postgres"),
            [known(column("occurred_at"))],
            True,
        ),
        "date": lambda: (exp.cast(local, "date", dialect="postgres"), [known(column("occurred_at"))], True),
        "camera": lambda: (column("camera", "v"), [], True),
        "video": lambda: (column("name", "v"), [], True),
        "site": lambda: (column("site", "v"), [], True),
    }
    return by[query.group_by or "type"]()


def _count(query: Query) -> tuple[exp.Expression, list[exp.Expression]]:
    if query.counted == "persons":
        return tracks(), [*no_vehicles(query), known(column("track_id"))]
    if query.counted == "vehicles":
        return tracks(), [known(column("track_id"))]
    return exp.Count(this=exp.Star()), []


def _groups(query: Query) -> tuple[exp.Select, exp.Select]:
    label, must, video = _label(query)
    count, further = _count(query)
    conditions = [*conditions_of(query), *must, *further]
    video = video or needs_video(query)
    statement = select_from(
        select(aliased(label, "label"), aliased(count, "n")), conditions, video=video
    ).group_by(number(1), copy=False)
    evidence = list_events(query, [c.copy() for c in conditions], video=video)[1]
    return statement, evidence


def _by_number(*, fewest: bool = False) -> list[exp.Expression]:
    return [exp.Ordered(this=exp.column("n"), desc=not fewest), exp.Ordered(this=exp.column("label"))]


def grouping(query: Query) -> Pair:
    statement, evidence = _groups(query)
    fewest = query.order == "fewest"
    if query.limit:
        return _among_the_first(statement, query.limit, fewest=fewest), evidence
    return statement.order_by(*_by_number(fewest=fewest), copy=False), evidence


def _among_the_first(groups: exp.Select, limit: int, *, fewest: bool) -> exp.Select:
    """The top three, and whatever ties with the third."""
    first = select(exp.column("n", "g")).from_("g", copy=False)
    first = first.order_by(exp.Ordered(this=exp.column("n", "g"), desc=not fewest), copy=False)
    cut = exp.Subquery(this=first.limit(limit, copy=False), alias=exp.TableAlias(this=exp.to_identifier("t")))
    last = select((exp.Max if fewest else exp.Min)(this=exp.column("n", "t"))).from_(cut, copy=False)
    compared = (exp.LTE if fewest else exp.GTE)(this=exp.column("n", "g"), expression=exp.Subquery(this=last))
    return _from_groups(groups, compared).order_by(
        exp.Ordered(this=exp.column("n", "g"), desc=not fewest),
        exp.Ordered(this=exp.column("label", "g")),
        copy=False,
    )


def _from_groups(groups: exp.Select, condition: exp.Expression) -> exp.Select:
    return (
        select(exp.column("label", "g"), exp.column("n", "g"))
        .from_("g", copy=False)
        .where(condition, copy=False)
        .with_("g", as_=groups, copy=False)
    )


def most_frequent(query: Query) -> Pair:
    groups, evidence = _groups(query)
    best = exp.Min if query.order == "fewest" else exp.Max
    top = select(best(this=exp.column("n", "g"))).from_("g", copy=False)
    equal = exp.EQ(this=exp.column("n", "g"), expression=exp.Subquery(this=top))
    return _from_groups(groups, equal).order_by(exp.column("label", "g"), copy=False), evidence


def comparison(query: Query) -> Pair:
    assert query.compare is not None
    sides = query.compare.sides
    label, video = _side_label(query, sides)
    count, further = _count(query)
    either = any_of([_side(side) for side in sides])
    conditions = [*conditions_of(query), either, *further]
    video = video or needs_video(query)
    statement = (
        select_from(select(aliased(label, "label"), aliased(count, "n")), conditions, video=video)
        .group_by(number(1), copy=False)
        .order_by(*_by_number(fewest=query.order == "fewest"), copy=False)
    )
    return statement, list_events(query, [c.copy() for c in conditions], video=video)[1]


def _side(side: Side) -> exp.Expression:
    if side.video_ids:
        return among(column("video_id"), [number(video) for video in side.video_ids])
    found = filters(side.filters, "e") or [exp.true()]
    return found[0] if len(found) == 1 else exp.Paren(this=all_of(found))


def _side_label(query: Query, sides: tuple[Side, ...]) -> tuple[exp.Expression, bool]:
    assert query.compare is not None
    if query.compare.by == "camera":
        choices = {choice.by for choice in query.video_choices}
        return column("site" if choices == {"site"} else "camera", "v"), True
    if all(len(side.filters.types) == 1 and not side.filters.severities for side in sides):
        return column("event_type"), False
    if query.compare.by == "gender":
        return column("gender"), False
    case = exp.Case()
    for side in sides:
        case = case.when(_side(side), string(side.label), copy=False)
    return case, False
