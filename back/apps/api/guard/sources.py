"""The walk over FROM: tables, WITH queries, subqueries, joins, and whether each is joined to the rest."""

from collections.abc import Sequence
from math import prod

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import PLAIN
from apps.api.guard.functions import FunctionWalk
from apps.api.guard.scope import Query, Relation, Scope, base_relation, derived_relation
from apps.api.guard.tree import Node, inner, strings

_JOINS = (pb.JOIN_INNER, pb.JOIN_LEFT, pb.JOIN_RIGHT, pb.JOIN_FULL)
_LINKING = (
    pb.AEXPR_OP,
    pb.AEXPR_OP_ANY,
    pb.AEXPR_NOT_DISTINCT,
    pb.AEXPR_IN,
    pb.AEXPR_LIKE,
    pb.AEXPR_ILIKE,
    pb.AEXPR_BETWEEN,
    pb.AEXPR_BETWEEN_SYM,
)


def row_product(relations: Sequence[Relation]) -> int | None:
    """No more rows than this come out of joining them; a FULL JOIN adds what is left over, hence + 1."""
    bounds = [relation.rows for relation in relations]
    if None in bounds:
        return None
    return max(1, prod(rows + 1 for rows in bounds if rows is not None) - 1)


class SourceWalk(FunctionWalk):
    def __init__(self) -> None:
        super().__init__()
        self.tables: set[str] = set()
        self.links: list[set[int]] = []  # relations of the SELECT at hand that a condition ties together

    def source(self, node: Node, scope: Scope, before: list[Relation]) -> list[Relation]:
        """The relations that one item of FROM brings; `before` are those that a LATERAL in it sees."""
        message = inner(node)
        match self.enter(message):
            case "RangeVar":
                return [self._table(message, scope)]
            case "RangeSubselect":
                return [self._subselect(message, scope, before)]
            case "RangeFunction":
                return [self._table_function(message, scope)]
            case "JoinExpr":
                return self._join(message, scope, before)
            case kind:
                raise self.refuse("construct", f"{kind} is not allowed in FROM")

    def check_names(self, relations: list[Relation]) -> None:
        names = [relation.name for relation in relations]
        for relation in relations:
            name = relation.name
            if names.count(name) > 1:
                raise self.refuse("alias", f"two tables are called {name}; give each its own alias")
            if relation.base and name in allowed.COLUMN_NAMES:
                # Where a column is meant it could stand for the whole row.
                raise self.refuse("alias", f"{name} is a column's name; give the table another alias")

    # --- one source ----------------------------------------------------------------------------------

    def _table(self, ref: Node, scope: Scope) -> Relation:
        name, schema = ref.relname, ref.schemaname
        alias = self._alias(ref) or name
        if not ref.inh:
            raise self.refuse("construct", "ONLY is not allowed")
        if ref.HasField("alias") and ref.alias.colnames:
            raise self.refuse("alias", "a list of column names behind a table's alias is not allowed")
        query = None if schema else scope.cte(name)
        if query is not None:
            return derived_relation(query, alias, [column for column, _ in query.columns])
        if schema not in ("", allowed.SCHEMA) or name not in allowed.TABLES:
            said = f"{schema}.{name}" if schema else name
            raise self.refuse(
                "table", f"the table {said} is not allowed; allowed are {', '.join(allowed.TABLES)}"
            )
        self.tables.add(name)
        ref.schemaname = allowed.SCHEMA
        return base_relation(name, alias)

    def _alias(self, message: Node) -> str:
        if not message.HasField("alias"):
            return ""
        self.enter(message.alias)
        alias: str = message.alias.aliasname
        return alias

    def _subselect(self, message: Node, scope: Scope, before: list[Relation]) -> Relation:
        alias = self._alias(message)
        if not alias:
            raise self.refuse("alias", "give the subquery in FROM an alias: (SELECT …) AS t")
        outside, self.touched = self.touched, set()
        around = Scope(list(before) if message.lateral else [], scope.parent, scope.ctes)
        query = self.subquery(message.subquery, around)
        if message.alias.colnames:
            query = self.renamed(query, strings(message.alias.colnames))
        relation = derived_relation(query, alias, [name for name, _ in query.columns])
        self.links.append({relation.number} | self.touched)
        self.touched |= outside
        return relation

    def renamed(self, query: Query, names: list[str]) -> Query:
        if len(names) != len(query.columns):
            raise self.refuse("alias", f"{len(names)} names are given for {len(query.columns)} columns")
        sizes = [size for _, size in query.columns]
        return Query(list(zip(names, sizes, strict=True)), query.rows, query.reads)

    def _table_function(self, message: Node, scope: Scope) -> Relation:
        alias = self._alias(message)
        items = inner(message.functions[0]).items
        call = inner(items[0])
        name = strings(call.funcname)[-1] if call.DESCRIPTOR.name == "FuncCall" else call.DESCRIPTOR.name
        plain = call.DESCRIPTOR.name == "FuncCall" and len(call.funcname) == 1 and len(message.functions) == 1
        if not plain or name not in allowed.TABLE_FUNCTIONS:
            listed = ", ".join(allowed.TABLE_FUNCTIONS)
            raise self.refuse("function", f"the function {name} is not allowed in FROM; allowed are {listed}")
        self.enter(call)
        if not alias:
            raise self.refuse("alias", f"give {name}(…) an alias: {name}(…) AS t(x)")
        if (
            call.agg_star
            or call.agg_distinct
            or call.agg_order
            or call.HasField("agg_filter")
            or call.HasField("over")
        ):
            raise self.refuse("function", f"{name} takes plain arguments only")
        rows, size = self._series(call) if name == "generate_series" else self._elements(call, scope)
        names = strings(message.alias.colnames) or [alias]
        return derived_relation(self.renamed(Query([("", size)], rows, 1), names), alias, names)

    def _series(self, call: Node) -> tuple[int, int]:
        if len(call.args) not in (2, 3):
            raise self.refuse("function", "generate_series takes a start, an end and a step")
        numbers = [self.integer(arg, "an argument of generate_series", -(10**9), 10**9) for arg in call.args]
        start, end, step = (*numbers, 1)[:3]
        rows = (end - start) // step + 1 if step else allowed.MAX_SERIES + 1
        if rows > allowed.MAX_SERIES:
            raise self.refuse("size", f"generate_series may give at most {allowed.MAX_SERIES} rows")
        return max(rows, 0), PLAIN

    def _elements(self, call: Node, scope: Scope) -> tuple[int, int]:
        array = inner(call.args[0]) if len(call.args) == 1 else None
        if array is None or array.DESCRIPTOR.name != "A_ArrayExpr":
            raise self.refuse("function", "unnest takes one written-out list: unnest(ARRAY['a', 'b'])")
        if any(inner(element).DESCRIPTOR.name == "A_ArrayExpr" for element in array.elements):
            raise self.refuse("function", "unnest takes a plain list")
        self.enter(array)
        return len(array.elements), max(self.exprs(array.elements, Scope([], scope.parent)), default=PLAIN)

    # --- joins ---------------------------------------------------------------------------------------

    def _join(self, join: Node, scope: Scope, before: list[Relation]) -> list[Relation]:
        if join.jointype not in _JOINS:
            raise self.refuse("join", "this kind of join is not allowed")
        left = self.source(join.larg, scope, before)
        right = self.source(join.rarg, scope, before + left)
        both = left + right
        if join.using_clause:
            for column in strings(join.using_clause):
                self._using(column, left, right)
            scope.merged = True
        if join.HasField("quals"):
            # ON sees the two sides of its join, and what stands around the SELECT.
            self.condition(join.quals, Scope(both, scope.parent, scope.ctes))
        return both

    def _using(self, column: str, left: list[Relation], right: list[Relation]) -> None:
        sides = [[r for r in side if column in r.columns] for side in (left, right)]
        if not all(sides):
            raise self.refuse("column", f"USING ({column}): both sides need a column {column}")
        self.links.append({relation.number for side in sides for relation in side})

    def condition(self, node: Node, scope: Scope) -> None:
        """Walks a condition and notes which relations it ties together."""
        self.links += self._tied(node, scope)

    def _tied(self, node: Node, scope: Scope) -> list[set[int]]:
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "BoolExpr" and message.boolop == pb.AND_EXPR:
            self.enter(message)
            return [tied for arg in message.args for tied in self._tied(arg, scope)]
        if kind == "BoolExpr" and message.boolop == pb.OR_EXPR:
            self.enter(message)
            arms = [set().union(*self._tied(arg, scope)) for arg in message.args]
            return [set.intersection(*arms)]
        outside, self.touched = self.touched, set()
        self.expr(node, scope)
        inside, self.touched = self.touched, outside | self.touched
        return [inside] if kind == "A_Expr" and message.kind in _LINKING else []

    def check_joined(self, relations: list[Relation]) -> None:
        """Every table beside another needs a condition that ties it to the rest, or few rows."""
        groups: list[set[int]] = [{relation.number} for relation in relations]
        for link in self.links:
            tied = [group for group in groups if group & link]
            if len(tied) > 1:
                groups = [group for group in groups if not group & link] + [set().union(*tied)]
        bounds = [row_product([r for r in relations if r.number in group]) for group in groups]
        unbounded = [group for group, rows in zip(groups, bounds, strict=True) if rows is None]
        few = prod(rows for rows in bounds if rows is not None)
        if len(unbounded) > 1 or (len(groups) > 1 and few > allowed.MAX_UNJOINED_ROWS):
            loose = next(r.name for r in relations if r.number in (unbounded or groups)[-1])
            raise self.refuse(
                "join", f"{loose} is not joined to the rest: add a condition such as ON v.id = e.video_id"
            )
