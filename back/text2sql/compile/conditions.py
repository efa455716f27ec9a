"""What a query says of events, as conditions on one alias of db_event."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from text2sql.query import (
    AgeRange,
    Bounds,
    ClockSpan,
    ClockWindow,
    Filters,
    OffsetSpan,
    Place,
    Query,
    TimeOfDay,
    Word,
)


def column(name: str, alias: str = "e") -> exp.Column:
    return exp.Column(this=exp.to_identifier(name), table=exp.to_identifier(alias))


def number(value: float) -> exp.Expression:
    if value < 0:
        return exp.Neg(this=number(-value))
    text = str(int(value)) if value == int(value) else repr(round(value, 6))
    return exp.Literal.number(text)


def string(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def any_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    if len(conditions) == 1:
        return conditions[0]
    result = conditions[0]
    for condition in conditions[1:]:
        result = exp.Or(this=result, expression=condition)
    return exp.Paren(this=result)


def all_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    result = conditions[0]
    for condition in conditions[1:]:
        result = exp.And(this=result, expression=condition)
    return result


def among(of: exp.Expression, values: Sequence[exp.Expression]) -> exp.Expression:
    if len(values) == 1:
        return exp.EQ(this=of, expression=values[0])
    return exp.In(this=of, expressions=list(values))


def conditions_of(query: Query, alias: str = "e") -> list[exp.Expression]:
    """Everything but order, extreme, sequence and grouping."""
    found: list[exp.Expression] = []
    if query.videos:
        found.append(among(column("video_id", alias), [number(video) for video in query.videos]))
    found += filters(query.filters, alias)
    found += negated(query.excluded, alias)
    if query.offset:
        found += offset(query.offset, alias)
    if query.clock:
        found.append(clock(query.clock, alias))
    if query.person_of:
        found.append(person_of(query, alias))
    return found


def needs_video(query: Query) -> bool:
    """Whether db_video has to be joined: an end or fraction that differs from video to video."""
    if any(span is not None and span.daily for span in (query.clock, query.part_clock)):
        return True
    return any(
        span is not None and span.anchor != "start" and span.from_ is None and span.to is None
        for span in (query.offset, query.part_offset)
    )


# --- what happened, who, where ---------------------------------------------------------------------


def filters(of: Filters, alias: str) -> list[exp.Expression]:
    found: list[exp.Expression] = []
    if of.types:
        found.append(among(column("event_type", alias), [string(code) for code in of.types]))
    if of.severities:
        found.append(severity(of.severities, alias))
    if of.genders:
        found.append(among(column("gender", alias), [string(code) for code in of.genders]))
    if of.ages:
        found.append(any_of([age(ages, alias) for ages in of.ages]))
    if of.places:
        found.append(any_of([place(where, alias) for where in of.places]))
    found += [word(what, alias) for what in of.words]
    if of.tracks:
        found.append(
            among(exp.Upper(this=column("track_id", alias)), [string(track.upper()) for track in of.tracks])
        )
    if of.event_ids:
        found.append(among(column("id", alias), [number(event) for event in of.event_ids]))
    if of.confidence:
        found += bounds(column("confidence", alias), of.confidence)
    if of.duration:
        found += bounds(lasting(alias), of.duration)
    return found


def negated(of: Filters, alias: str) -> list[exp.Expression]:
    """Each thing excluded for itself. An unknown value is no match: NULL stays NULL under NOT."""
    found: list[exp.Expression] = []
    if of.types:
        found.append(_other_than(column("event_type", alias), of.types))
    if of.severities:
        found.append(_not(severity(of.severities, alias)))
    if of.genders:
        found.append(_other_than(column("gender", alias), of.genders))
    if of.ages:
        found.append(_not(any_of([age(ages, alias) for ages in of.ages])))
    found += [_not(place(where, alias)) for where in of.places]
    found += [_not(word(what, alias, blank=True)) for what in of.words]
    if of.tracks:
        found.append(_not(among(column("track_id", alias), [string(track) for track in of.tracks])))
    if of.confidence:
        found.append(_not(all_of(bounds(column("confidence", alias), of.confidence))))
    if of.duration:
        found.append(_not(all_of(bounds(lasting(alias), of.duration))))
    return found


def _other_than(of: exp.Expression, codes: Sequence[str]) -> exp.Expression:
    if len(codes) == 1:
        return exp.NEQ(this=of, expression=string(codes[0]))
    return exp.Not(this=exp.In(this=of, expressions=[string(code) for code in codes]))


def _not(condition: exp.Expression) -> exp.Expression:
    return exp.Not(this=_bracketed(condition))


def _bracketed(condition: exp.Expression) -> exp.Expression:
    return condition if isinstance(condition, exp.Paren) else exp.Paren(this=condition)


def severity(levels: Sequence[int], alias: str) -> exp.Expression:
    of = column("severity", alias)
    if tuple(levels) == (1, 2):
        return exp.GTE(this=of, expression=number(1))
    return among(of, [number(level) for level in levels])


def age(ages: AgeRange, alias: str) -> exp.Expression:
    of = column("age", alias)
    if ages.from_ is not None and ages.from_ == ages.to:
        return exp.EQ(this=of, expression=number(ages.from_))
    ends: list[exp.Expression] = []
    if ages.from_ is not None:
        ends.append(exp.GTE(this=of, expression=number(ages.from_)))
    if ages.to is not None:
        ends.append(exp.LTE(this=of.copy(), expression=number(ages.to)))
    return ends[0] if len(ends) == 1 else exp.Paren(this=all_of(ends))


def place(where: Place, alias: str) -> exp.Expression:
    """Spaces do not count: 주류코너 finds 주류 코너."""
    parts = [
        any_of([_contains(_without_spaces(alias), p) for p in patterns])
        for patterns in (where.patterns, *where.also)
    ]
    return parts[0] if len(parts) == 1 else exp.Paren(this=all_of(parts))


def _without_spaces(alias: str) -> exp.Expression:
    return exp.Replace(this=column("location", alias), expression=string(" "), replacement=string(""))


def word(what: Word, alias: str, *, blank: bool = False) -> exp.Expression:
    found = []
    for pattern in what.patterns:
        for name in ("action_detected", "description"):
            of: exp.Expression = column(name, alias)
            found.append(_contains(exp.Coalesce(this=of, expressions=[string("")]) if blank else of, pattern))
    return any_of(found)


def _contains(of: exp.Expression, pattern: str) -> exp.Expression:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    kind = exp.ILike if any("a" <= char.lower() <= "z" for char in pattern) else exp.Like
    return kind(this=of, expression=string(f"%{escaped}%"))


def lasting(alias: str) -> exp.Expression:
    return exp.Paren(this=exp.Sub(this=column("end_timestamp", alias), expression=column("timestamp", alias)))


def bounds(of: exp.Expression, ends: Bounds) -> list[exp.Expression]:
    found: list[exp.Expression] = []
    if ends.from_ is not None:
        found.append((exp.GTE if ends.from_inclusive else exp.GT)(this=of, expression=number(ends.from_)))
    if ends.to is not None:
        found.append((exp.LTE if ends.to_inclusive else exp.LT)(this=of.copy(), expression=number(ends.to)))
    return found


# --- time ------------------------------------------------------------------------------------------


def offset(span: OffsetSpan, alias: str) -> list[exp.Expression]:
    found = _offset_ends(span, alias)
    if span.negated and found:
        return [_not(all_of(found))]
    return found


def _offset_ends(span: OffsetSpan, alias: str) -> list[exp.Expression]:
    of = column("timestamp", alias)
    resolved = Bounds(span.from_, span.to, span.from_inclusive, span.to_inclusive)
    if span.anchor == "start" or span.from_ is not None or span.to is not None:
        return bounds(of, resolved)
    length = column("duration", "v")
    if span.anchor == "end":
        start = exp.Sub(this=length, expression=number(span.anchor_from or 0.0))
        return [exp.GTE(this=of, expression=start)]
    found: list[exp.Expression] = []
    if span.anchor_from is not None:
        found.append(exp.GTE(this=of, expression=_share(length, span.anchor_from)))
    if span.anchor_to is not None:
        found.append(exp.LT(this=of.copy(), expression=_share(length.copy(), span.anchor_to)))
    return found


def _share(length: exp.Expression, fraction: float) -> exp.Expression:
    if abs(fraction - 2 / 3) < 1e-9:
        return exp.Div(this=exp.Mul(this=length, expression=number(2)), expression=number(3), typed=True)
    return exp.Div(this=length, expression=number(round(1 / fraction)), typed=True)


def clock(span: ClockSpan, alias: str) -> exp.Expression:
    parts = []
    if span.windows:
        parts.append(any_of([_window(window, alias) for window in span.windows]))
    if span.daily:
        parts.append(any_of([_time_of_day(time, alias) for time in span.daily]))
    if not parts:
        return exp.false()
    found = all_of(parts)
    return _not(found) if span.negated else found


def _time_of_day(time: TimeOfDay, alias: str) -> exp.Expression:
    local = exp.Paren(this=exp.AtTimeZone(this=column("occurred_at", alias), zone=column("timezone", "v")))
    of = exp.cast(local, "time", dialect="postgres")
    ends: list[exp.Expression] = []
    if time.from_:
        ends.append(exp.GTE(this=of, expression=string(time.from_)))
    if time.to:
        ends.append((exp.LTE if time.to_inclusive else exp.LT)(this=of.copy(), expression=string(time.to)))
    return ends[0] if len(ends) == 1 else exp.Paren(this=all_of(ends))


def _window(window: ClockWindow, alias: str) -> exp.Expression:
    of = column("occurred_at", alias)
    ends: list[exp.Expression] = []
    if window.video_ids:
        ends.append(among(column("video_id", alias), [number(video) for video in window.video_ids]))
    if window.from_:
        ends.append((exp.GTE if window.from_inclusive else exp.GT)(this=of, expression=moment(window.from_)))
    if window.to:
        ends.append(
            (exp.LTE if window.to_inclusive else exp.LT)(this=of.copy(), expression=moment(window.to))
        )
    if not ends:
        return exp.Not(this=exp.Is(this=of, expression=exp.Null()))
    return ends[0] if len(ends) == 1 else exp.Paren(this=all_of(ends))


def moment(iso: str) -> exp.Expression:
    return exp.cast(string(iso.replace("T", " ")), "timestamptz", dialect="postgres")


def known(of: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=of, expression=exp.Null()))


def person_of(query: Query, alias: str) -> exp.Expression:
    assert query.person_of is not None
    same = [same_person(alias, "p"), *filters(query.person_of, "p")]
    return exists(same, "p")


def same_person(one: str, other: str) -> exp.Expression:
    return all_of(
        [
            exp.EQ(this=column("video_id", other), expression=column("video_id", one)),
            exp.EQ(this=column("track_id", other), expression=column("track_id", one)),
        ]
    )


def exists(conditions: Iterable[exp.Expression], alias: str) -> exp.Expression:
    inner = (
        select(exp.Literal.number(1))
        .from_(events(alias), copy=False)
        .where(all_of(list(conditions)), copy=False)
    )
    return exp.Exists(this=inner)


def select(*columns: exp.Expression) -> exp.Select:
    """exp.select() would copy its columns."""
    return exp.Select(expressions=list(columns))


def aliased(of: exp.Expression, name: str) -> exp.Alias:
    return exp.Alias(this=of, alias=exp.to_identifier(name))


def events(alias: str = "e") -> exp.Table:
    return table("db_event", alias)


def table(name: str, alias: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name), alias=exp.TableAlias(this=exp.to_identifier(alias)))
