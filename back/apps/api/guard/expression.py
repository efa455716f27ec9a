"""The walk over expressions. Each step returns the bound of its value: bytes of text, digits of a number."""

from abc import abstractmethod
from collections.abc import Sequence

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import PLAIN
from apps.api.guard.operators import OperatorWalk
from apps.api.guard.scope import Query, Relation, Scope
from apps.api.guard.tree import Node, inner, strings


class ExpressionWalk(OperatorWalk):
    """`touched` collects the relations that an expression refers to, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: set[int] = set()
        self.reads = 0  # of tables, by the subqueries in the expressions of the SELECT at hand
        self.aggregated = False  # that SELECT makes one row of all

    def expr(self, node: Node, scope: Scope) -> int:
        which = node.WhichOneof("node")
        message = getattr(node, which)
        kind = self.enter(message)
        walk = getattr(self, f"_{which}", None)
        if walk is None:
            raise self.refuse("construct", f"{kind} is not allowed here")
        size: int = walk(message, scope)
        if size > allowed.MAX_VALUE:
            raise self.refuse("size", "this value could grow too large; build it from fewer pieces")
        return size

    def exprs(self, nodes: Sequence[Node], scope: Scope) -> list[int]:
        return [self.expr(node, scope) for node in nodes]

    # --- names ---------------------------------------------------------------------------------------

    def _column_ref(self, ref: Node, scope: Scope) -> int:
        names = strings(ref.fields)
        if "*" in names:
            raise self.refuse("whole_row", "* is allowed in COUNT(*) and in a SELECT list only")
        if len(names) == 1:
            return self._bare_column(names[0], scope)
        if len(names) > 2:
            raise self.refuse("column", f"write {names[-2]}.{names[-1]}, without a schema")
        relation = scope.relation(names[0])
        if relation is None:
            raise self.refuse("table", f"there is no table or alias {names[0]} here")
        return self._column_of(relation, names[1])

    def _column_of(self, relation: Relation, name: str) -> int:
        if name not in relation.columns:
            listed = ", ".join(relation.columns)
            raise self.refuse("column", f"{relation.name} has no column {name}; it has {listed}")
        self.touched.add(relation.number)
        return relation.columns[name]

    def _bare_column(self, name: str, scope: Scope) -> int:
        here: Scope | None = scope
        hidden = False
        while here is not None:
            found = [relation for relation in here.relations if name in relation.columns]
            if found and hidden:
                # The table between may have a column of that name which must not be seen, and it would win.
                raise self.refuse("alias", f"say which table {name} belongs to: {found[0].name}.{name}")
            if found:
                return max(self._column_of(relation, name) for relation in found)
            hidden |= any(relation.base for relation in here.relations)
            here = here.parent
        if scope.relation(name) is not None:
            raise self.refuse(
                "whole_row",
                f"{name} is a table here, not a value; name one of its columns (COUNT(*) counts rows)",
            )
        listed = ", ".join(f"{r.name}.{c}" for r in scope.relations for c in r.columns) or "no columns"
        raise self.refuse(
            "column",
            f"there is no column {name} here (an output alias is not visible in WHERE, HAVING, expressions); "
            f"there are {listed}",
        )

    # --- logic ---------------------------------------------------------------------------------------

    def _bool_expr(self, expr: Node, scope: Scope) -> int:
        self.exprs(expr.args, scope)
        return PLAIN

    def _null_test(self, test: Node, scope: Scope) -> int:
        self.expr(test.arg, scope)
        return PLAIN

    def _boolean_test(self, test: Node, scope: Scope) -> int:
        self.expr(test.arg, scope)
        return PLAIN

    def _case_expr(self, case: Node, scope: Scope) -> int:
        if case.HasField("arg"):
            self.expr(case.arg, scope)
        results = []
        for node in case.args:
            when = inner(node)
            self.enter(when)
            self.expr(when.expr, scope)
            results.append(self.expr(when.result, scope))
        if case.HasField("defresult"):
            results.append(self.expr(case.defresult, scope))
        return max(results)

    def _coalesce_expr(self, coalesce: Node, scope: Scope) -> int:
        return max(self.exprs(coalesce.args, scope))

    def _min_max_expr(self, expr: Node, scope: Scope) -> int:
        return max(self.exprs(expr.args, scope))

    def _grouping_func(self, grouping: Node, scope: Scope) -> int:
        self.exprs(grouping.args, scope)
        return PLAIN

    def _a_array_expr(self, array: Node, scope: Scope) -> int:
        return sum(self.exprs(array.elements, scope)) + PLAIN

    # --- subqueries ----------------------------------------------------------------------------------

    @abstractmethod
    def subquery(self, node: Node, parent: Scope | None) -> Query: ...

    def _sub_link(self, link: Node, scope: Scope) -> int:
        kind = link.sub_link_type
        if kind not in (pb.EXISTS_SUBLINK, pb.ANY_SUBLINK, pb.ALL_SUBLINK, pb.EXPR_SUBLINK, pb.ARRAY_SUBLINK):
            raise self.refuse("construct", "this kind of subquery is not allowed")
        operator = ".".join(strings(link.oper_name))
        if operator and operator not in allowed.COMPARISONS | allowed.LIKES:
            raise self.refuse("operator", f"the operator {operator} is not allowed before a subquery")
        tested = self.operand(link.testexpr, scope) if link.HasField("testexpr") else 0
        query = self.subquery(link.subselect, scope)
        self.reads += query.reads
        largest = max((size for _, size in query.columns), default=PLAIN)
        if operator in allowed.LIKES:
            self.search(tested, largest)
        if kind == pb.ARRAY_SUBLINK:
            return self.gathered(query.rows, largest)
        return largest if kind == pb.EXPR_SUBLINK else PLAIN

    def gathered(self, rows: int | None, size: int) -> int:
        """The bound of many rows' values in one."""
        if rows is None or rows > allowed.MAX_GATHERED_ROWS:
            raise self.refuse(
                "size",
                "values may be gathered into one only from a bounded number of rows: return them as rows, "
                "or gather from a subquery with LIMIT 100",
            )
        return rows * (size + 1)
