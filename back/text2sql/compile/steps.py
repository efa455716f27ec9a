"""One event after another, and one without another."""

from sqlglot import exp

from text2sql.compile.building import Pair, list_events
from text2sql.compile.conditions import column, conditions_of, exists, filters, known, number, same_person
from text2sql.query import Filters, Query


def sequence(query: Query) -> Pair:
    return list_events(query, follows(query))


def absence(query: Query) -> Pair:
    return list_events(query, lacks(query))


def follows(query: Query) -> list[exp.Expression]:
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
    return [*conditions_of(query), *_own(query, steps.then), exists(linked, "a")]


def lacks(query: Query) -> list[exp.Expression]:
    """The As of persons who have no B in that video."""
    assert query.sequence is not None
    lacking = exists([same_person("e", "b"), *filters(query.sequence.then, "b")], "b")
    return [
        *conditions_of(query),
        *_own(query, query.sequence.first),
        known(column("track_id")),
        exp.Not(this=lacking),
    ]


def _own(query: Query, side: Filters) -> list[exp.Expression]:
    """A count has that side for its filters already."""
    return [] if query.filters == side else filters(side, "e")


def conditions_of_steps(query: Query) -> list[exp.Expression]:
    """Of what is counted: plain events, those that follow others, or those without others."""
    if query.sequence is None:
        return conditions_of(query)
    return lacks(query) if query.sequence.within is None else follows(query)
