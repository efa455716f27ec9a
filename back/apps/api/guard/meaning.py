"""What each column of a checked SELECT holds, read from the tree: nobody has to guess it from the rows.

`SELECT name, duration …` and `SELECT event_type, COUNT(*) …` give rows of one shape that differ in meaning.
"""

from collections.abc import Mapping
from dataclasses import replace

from postgast import pg_query_pb2 as pb

from apps.api.guard.allowed import TABLES
from apps.api.guard.tree import Node, inner, output_name, strings
from apps.api.types import Meaning

OTHER = Meaning("other")
# What such a wrapper holds is still what it is.
_PASSING = {"round", "trunc", "ceil", "ceiling", "floor", "abs", "coalesce", "to_char"}
_FIGURES = {"sum", "avg", "min", "max", "any_value", "mode", "percentile_cont", "percentile_disc"}
_NO_SET = (pb.SET_OPERATION_UNDEFINED, pb.SETOP_NONE)

Columns = Mapping[str, Meaning]
_BASE: dict[str, Columns] = {
    table: {name: Meaning("column", f"{table}.{name}") for name in columns}
    for table, columns in TABLES.items()
}


def meanings_of(select: Node) -> tuple[Meaning, ...]:
    """Of the columns of a SELECT that the walk let through, `*` already written out."""
    return tuple(meaning for _, meaning in _Reader({}).columns(select))


class _Reader:
    def __init__(self, ctes: Mapping[str, Columns]) -> None:
        self._ctes = dict(ctes)
        self._relations: dict[str, Columns] = {}

    def columns(self, select: Node) -> list[tuple[str, Meaning]]:
        for node in select.with_clause.ctes if select.HasField("with_clause") else ():
            cte = inner(node)
            self._ctes[cte.ctename] = self._named(inner(cte.ctequery), strings(cte.aliascolnames))
        if select.op not in _NO_SET:
            left, right = (_Reader(self._ctes).columns(side) for side in (select.larg, select.rarg))
            return [
                (name, meaning if meaning == other else OTHER)
                for (name, meaning), (_, other) in zip(left, right, strict=False)
            ]
        if select.values_lists:
            return [(f"column{n}", OTHER) for n, _ in enumerate(inner(select.values_lists[0]).items, 1)]
        for node in select.from_clause:
            self._source(inner(node))
        targets = [inner(node) for node in select.target_list]
        return [(target.name or output_name(target.val), self._meaning(target.val)) for target in targets]

    def _named(self, select: Node, names: list[str]) -> Columns:
        columns = _Reader(self._ctes).columns(select)
        return {
            (names[at] if at < len(names) else name): meaning for at, (name, meaning) in enumerate(columns)
        }

    def _source(self, source: Node) -> None:
        kind = source.DESCRIPTOR.name
        if kind == "JoinExpr":
            self._source(inner(source.larg))
            self._source(inner(source.rarg))
        elif kind == "RangeVar":
            known = self._ctes.get(source.relname) if not source.schemaname else None
            self._relations[source.alias.aliasname or source.relname] = (
                known if known is not None else _BASE.get(source.relname, {})
            )
        elif kind == "RangeSubselect":
            names = strings(source.alias.colnames)
            self._relations[source.alias.aliasname] = self._named(inner(source.subquery), names)

    def _meaning(self, node: Node) -> Meaning:
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "ColumnRef":
            return self._of_name(strings(message.fields))
        if kind == "TypeCast":
            return self._meaning(message.arg)
        if kind == "CoalesceExpr":
            return self._meaning(message.args[0])
        if kind == "FuncCall":
            return self._of_call(message)
        if kind == "A_Expr" and strings(message.name) == ["-"] and message.HasField("lexpr"):
            return self._difference(message)
        if kind == "SubLink" and message.sub_link_type == pb.EXPR_SUBLINK:
            columns = _Reader(self._ctes).columns(inner(message.subselect))
            return columns[0][1] if columns else OTHER
        return OTHER

    def _of_name(self, names: list[str]) -> Meaning:
        if len(names) == 2:
            return self._relations.get(names[0], {}).get(names[1], OTHER)
        found = [columns[names[0]] for columns in self._relations.values() if names[0] in columns]
        return found[0] if len(found) == 1 else OTHER

    def _of_call(self, call: Node) -> Meaning:
        name = strings(call.funcname)[-1]
        if name == "count":
            return self._count(call)
        if name in _PASSING and call.args:
            return self._meaning(call.args[0])
        if name not in _FIGURES or call.HasField("over"):
            return OTHER
        arguments = [inner(node).node for node in call.agg_order] if call.agg_within_group else call.args
        held = self._meaning(arguments[0]) if arguments else OTHER
        if held.kind == "count":
            return held if name in {"sum", "max", "min"} else OTHER
        return replace(held, kind="figure", by=name) if held.kind in {"column", "figure"} else OTHER

    def _count(self, call: Node) -> Meaning:
        if not call.agg_distinct or not call.args:
            return Meaning("count")
        last = inner(call.args[0])
        if last.DESCRIPTOR.name == "RowExpr":
            return Meaning("count", self._meaning(last.args[-1]).column)
        return Meaning("count", self._meaning(call.args[0]).column)

    def _difference(self, expr: Node) -> Meaning:
        """end_timestamp - timestamp is how long it lasted."""
        ends = (self._meaning(expr.lexpr).column, self._meaning(expr.rexpr).column)
        lasted = ("db_event.end_timestamp", "db_event.timestamp")
        return Meaning("figure", "db_event.duration", "difference") if ends == lasted else OTHER
