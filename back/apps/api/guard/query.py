"""The walk over SELECTs: WITH, the list, WHERE, GROUP BY, ORDER BY, LIMIT; what is read is in sources.py."""

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.scope import Query, Scope
from apps.api.guard.sources import SourceWalk, row_product
from apps.api.guard.tree import (
    Node,
    column_target,
    inner,
    integer_node,
    output_name,
    strings,
)

_NO_SET = (pb.SET_OPERATION_UNDEFINED, pb.SETOP_NONE)
_MAX_GROUPING_SETS = 8
_MAX_CUBE = 4  # of which there are 16 sets


class QueryWalk(SourceWalk):
    def subquery(self, node: Node, parent: Scope | None) -> Query:
        select = inner(node)
        if select.DESCRIPTOR.name != "SelectStmt":
            raise self.refuse("statement", "only SELECT is allowed, also inside WITH")
        return self.select(select, parent)

    def select(self, select: Node, parent: Scope | None) -> Query:
        self.enter(select)
        scope = Scope([], parent)
        if select.HasField("with_clause"):
            self._with(select.with_clause, scope)
        if select.op not in _NO_SET:
            query = self._set_operation(select, scope)
        elif select.values_lists:
            query = self._values(select, scope)
        else:
            query = self._plain(select, scope)
        limit = self._limit(select)
        if limit is not None and select.limit_option != pb.LIMIT_OPTION_WITH_TIES:
            query.rows = limit if query.rows is None else min(limit, query.rows)
        if query.reads > allowed.MAX_TABLE_READS:
            raise self.refuse("join", f"the SQL reads its tables more than {allowed.MAX_TABLE_READS} times")
        return query

    # --- WITH ----------------------------------------------------------------------------------------

    def _with(self, clause: Node, scope: Scope) -> None:
        self.enter(clause)
        for node in clause.ctes:
            cte = inner(node)
            self.enter(cte)
            name = cte.ctename
            if name in allowed.TABLES or scope.cte(name) is not None:
                raise self.refuse(
                    "alias", f"{name} already names a table here; give the WITH query another name"
                )
            # It sees the ones before it, and what stands around the SELECT, not the SELECT's own tables.
            query = self.subquery(cte.ctequery, scope)
            if cte.aliascolnames:
                query = self.renamed(query, strings(cte.aliascolnames))
            scope.ctes[name] = query

    # --- the three bodies ----------------------------------------------------------------------------

    def _set_operation(self, select: Node, scope: Scope) -> Query:
        left = self.select(select.larg, scope)
        right = self.select(select.rarg, scope)
        if len(left.columns) != len(right.columns):
            raise self.refuse("construct", "both sides of a UNION, INTERSECT or EXCEPT need as many columns")
        columns = [
            (name, max(size, other))
            for (name, size), (_, other) in zip(left.columns, right.columns, strict=True)
        ]
        names = [name for name, _ in columns]
        for node in select.sort_clause:
            sort = inner(node)
            self.enter(sort)
            self._output(sort.node, names)
        rows = None if left.rows is None or right.rows is None else left.rows + right.rows
        return Query(columns, rows, left.reads + right.reads)

    def _output(self, node: Node, names: list[str]) -> None:
        """ORDER BY after a UNION: a column of the result, by name or number."""
        message = inner(node)
        if message.DESCRIPTOR.name == "A_Const":
            self.integer(node, "a position in ORDER BY", 1, len(names))
        elif message.DESCRIPTOR.name == "ColumnRef" and strings(message.fields)[0] in names:
            self.enter(message)
            if len(message.fields) != 1:
                raise self.refuse("column", "after a UNION, ORDER BY takes the result's own column names")
        else:
            raise self.refuse("column", f"after a UNION, ORDER BY takes one of {', '.join(names)}")

    def _values(self, select: Node, scope: Scope) -> Query:
        rows = []
        for row in select.values_lists:
            items = inner(row)
            self.enter(items)
            rows.append(self.exprs(items.items, scope))
        if len({len(row) for row in rows}) != 1:
            raise self.refuse("construct", "every row of VALUES needs as many values")
        names = [f"column{n}" for n in range(1, len(rows[0]) + 1)]
        for node in select.sort_clause:
            sort = inner(node)
            self.enter(sort)
            self._output(sort.node, names)
        columns = [(name, max(sizes)) for name, sizes in zip(names, zip(*rows, strict=True), strict=True)]
        return Query(columns, len(rows), 1)

    def _plain(self, select: Node, scope: Scope) -> Query:
        around = (self.reads, self.links, self.aggregated)
        self.reads, self.links, self.aggregated = 0, [], False
        for node in select.from_clause:
            scope.relations += self.source(node, scope, scope.relations)
        self.check_names(scope.relations)
        self._expand_stars(select, scope)
        columns = self._targets(select, scope)
        names = [name for name, _ in columns]
        if select.HasField("where_clause"):
            self.condition(select.where_clause, scope)
        self.check_joined(scope.relations)
        self._group_by(select, scope, names)
        if select.HasField("having_clause"):
            self.expr(select.having_clause, scope)
        for node in select.window_clause:
            self.window(inner(node), scope)
        for node in select.sort_clause:
            sort = inner(node)
            self.enter(sort)
            self._ordered_by(sort.node, scope, names)
        for node in select.distinct_clause:
            if node.WhichOneof("node") is not None:  # DISTINCT ON
                self._ordered_by(node, scope, names)
        one_row = self.aggregated and not select.group_clause
        rows = 1 if one_row else row_product(scope.relations)
        reads = max(1, self.reads + sum(relation.reads for relation in scope.relations))
        self.reads, self.links, self.aggregated = around
        return Query(columns, rows, reads)

    # --- the list ------------------------------------------------------------------------------------

    def _expand_stars(self, select: Node, scope: Scope) -> None:
        """`*` means the columns that may be seen, so it is written out."""
        if not any(self._star(inner(node)) for node in select.target_list):
            return
        expanded: list[Node] = []
        for node in select.target_list:
            starred = self._star(inner(node))
            if not starred:
                expanded.append(pb.Node.FromString(node.SerializeToString()))
                continue
            relations = scope.relations
            if len(starred) > 1:
                relations = [r for r in scope.relations if [r.name] == starred[:-1]]
            elif scope.merged:
                raise self.refuse("construct", "name the columns: * over JOIN … USING is not allowed")
            if not relations or any(relation.repeated for relation in relations):
                raise self.refuse("column", f"{'.'.join(starred)} cannot be written out; name the columns")
            expanded += [column_target(r.name, column) for r in relations for column in r.columns]
        del select.target_list[:]
        select.target_list.extend(expanded)

    def _star(self, target: Node) -> list[str]:
        value = inner(target.val)
        if value.DESCRIPTOR.name != "ColumnRef":
            return []
        names = strings(value.fields)
        if "*" not in names:
            return []
        self.byte_offset = value.location
        return names

    def _targets(self, select: Node, scope: Scope) -> list[tuple[str, int]]:
        if not select.target_list:
            raise self.refuse("construct", "the SELECT list is empty")
        if len(select.target_list) > allowed.MAX_COLUMNS:
            raise self.refuse("size", f"at most {allowed.MAX_COLUMNS} columns can be selected")
        columns = []
        for node in select.target_list:
            target = inner(node)
            self.enter(target)
            columns.append((target.name or output_name(target.val), self.expr(target.val, scope)))
        if sum(size for _, size in columns) > allowed.MAX_VALUE:
            raise self.refuse("size", "the columns of a row could grow too large together; select fewer")
        return columns

    # --- GROUP BY, ORDER BY, LIMIT -------------------------------------------------------------------

    def _group_by(self, select: Node, scope: Scope, names: list[str]) -> None:
        sets = [inner(node) for node in select.group_clause if inner(node).DESCRIPTOR.name == "GroupingSet"]
        if len(sets) > 1:
            raise self.refuse("construct", "only one of ROLLUP and GROUPING SETS is allowed in a GROUP BY")
        for node in select.group_clause:
            self._group_item(node, scope, names)

    def _group_item(self, node: Node, scope: Scope, names: list[str]) -> None:
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "GroupingSet":
            self.enter(message)
            most = _MAX_CUBE if message.kind == pb.GROUPING_SET_CUBE else _MAX_GROUPING_SETS
            if len(message.content) > most:
                raise self.refuse("construct", f"at most {most} members are allowed in CUBE or grouping sets")
            for part in message.content:
                if inner(part).DESCRIPTOR.name == "GroupingSet" and inner(part).content:
                    raise self.refuse("construct", "grouping sets inside grouping sets are not allowed")
                self._group_item(part, scope, names)
        elif kind == "RowExpr" and message.row_format == pb.COERCE_IMPLICIT_CAST:
            self.enter(message)
            for part in message.args:
                self._group_item(part, scope, names)
        elif kind == "A_Const":
            self.integer(node, "a position in GROUP BY", 1, len(names))
        elif kind == "ColumnRef" and len(message.fields) == 1:
            self._group_name(node, scope, names)
        else:
            self.expr(node, scope)

    def _group_name(self, node: Node, scope: Scope, names: list[str]) -> None:
        name = strings(inner(node).fields)[0]
        if scope.has(name) or name not in names:
            self.expr(node, scope)
        elif names.count(name) > 1:
            raise self.refuse("alias", f"two columns of the SELECT are called {name}")
        elif any(relation.base for relation in scope.relations):
            # In GROUP BY a table's column goes before an output alias, also a column that must not be seen.
            node.CopyFrom(integer_node(names.index(name) + 1))
        else:
            self.enter(inner(node))

    def _ordered_by(self, node: Node, scope: Scope, names: list[str]) -> None:
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "A_Const":
            self.integer(node, "a position in ORDER BY", 1, len(names))
        elif kind == "ColumnRef" and len(message.fields) == 1 and strings(message.fields)[0] in names:
            self.enter(message)  # in ORDER BY the output alias goes first
        else:
            self.expr(node, scope)

    def _limit(self, select: Node) -> int | None:
        if select.HasField("limit_offset"):
            self.integer(select.limit_offset, "OFFSET", 0, allowed.MAX_OFFSET)
        if not select.HasField("limit_count"):
            return None
        const = inner(select.limit_count)
        if const.DESCRIPTOR.name == "A_Const" and const.isnull:
            self.enter(const)
            return None
        return self.integer(select.limit_count, "LIMIT", 0, 2**31 - 1)
