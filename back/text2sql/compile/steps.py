"""One event after another, and one without another."""

from sqlglot import exp

from text2sql.compile.building import Pair, list_events
from text2sql.compile.conditions import column, conditions_of, exists, filters, known, number, same_person
from text2sql.query import Query


def sequence(query: Query) -> Pair:
    """The Bs of the same person (unless any will do), 0 to N seconds after an A that is not that B."""
    assert query.sequence is not None
    steps = query.sequence
    after = exp.Sub(this=column("timestamp"), expression=column("timestamp", "a"))
    linked: list[exp.Expression] = [
        same_person("e", "a")
        if steps.same_person
        else exp.EQ(this=column("video_id", "a"), expression=column("video_id")),
        *filters(steps.first, "a"),
        exp.NEQ(this=column("id", "a"), expression=column("id")),
    ]
    if steps.within is None:
        linked.append(exp.GTE(this=after, expression=number(0)))
    else:
        linked.append(exp.Between(this=after, low=number(0), high=number(steps.within)))
    conditions = [*conditions_of(query), *filters(steps.then, "e"), exists(linked, "a")]
    return list_events(query, conditions)


def absence(query: Query) -> Pair:
    assert query.sequence is not None
    lacking = exists([same_person("e", "b"), *filters(query.sequence.then, "b")], "b")
    conditions = [
        *conditions_of(query),
        *filters(query.sequence.first, "e"),
        known(column("track_id")),
        exp.Not(this=lacking),
    ]
    return list_events(query, conditions)
