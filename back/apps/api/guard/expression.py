"""The walk over expressions. Each returns the bound of its value: bytes of text, digits of a number."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import PLAIN
from apps.api.guard.scope import Query, Relation, Scope
from apps.api.guard.tree import Cursor, Node, inner, strings

_LISTED_OPERATORS = "= <> < > <= >= + - * / % || LIKE ILIKE BETWEEN IN IS NULL AND OR NOT"
_MAX_EXPONENT = 40
_MAX_DIGITS = 60
_MAX_PRECISION = 38


class ExpressionWalk(Cursor):
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

    # --- constants and types -------------------------------------------------------------------------

    def _a_const(self, const: Node, _scope: Scope) -> int:
        which = const.WhichOneof("val")
        if which == "sval":
            return len(const.sval.sval.encode())
        if which == "fval":
            text = const.fval.fval
            try:
                number = Decimal(text)
            except InvalidOperation:
                number = Decimal(0) if len(text) <= _MAX_DIGITS else Decimal("NaN")
            if number.is_nan() or len(text) > _MAX_DIGITS or abs(number.adjusted()) > _MAX_EXPONENT:
                raise self.refuse("constant", f"the number {text[:20]}… is out of bounds")
        return PLAIN

    def integer(self, node: Node, what: str, low: int, high: int) -> int:
        """A whole number that is written out."""
        const = inner(node)
        if const.DESCRIPTOR.name != "A_Const" or const.WhichOneof("val") != "ival":
            raise self.refuse("constant", f"{what} has to be a whole number, written out")
        self.enter(const)
        value: int = const.ival.ival
        if not low <= value <= high:
            raise self.refuse("constant", f"{what} has to lie between {low} and {high}")
        return value

    def string(self, node: Node, what: str, most: int = 64) -> str:
        """A text that is written out."""
        const = inner(node)
        while const.DESCRIPTOR.name == "TypeCast":
            const = inner(const.arg)
        if const.DESCRIPTOR.name != "A_Const" or const.WhichOneof("val") != "sval":
            raise self.refuse("constant", f"{what} has to be a text, written out")
        text: str = const.sval.sval
        if len(text) > most:
            raise self.refuse("constant", f"{what} is too long")
        return text

    def _type_cast(self, cast: Node, scope: Scope) -> int:
        size = self.expr(cast.arg, scope)
        type_name = cast.type_name
        self.enter(type_name)
        name = self._type(type_name)
        if type_name.array_bounds:
            self._array_type(cast, name)
            return size
        fixed = allowed.TYPES[name]
        return max(size, PLAIN) if fixed is None else fixed

    def _type(self, type_name: Node) -> str:
        names = strings(type_name.names)
        if len(names) == 2 and names[0] == "pg_catalog":
            del names[0]
        if len(names) != 1 or names[0] not in allowed.TYPES:
            listed = ", ".join(allowed.TYPES)
            raise self.refuse("type", f"the type {'.'.join(names)} is not allowed; allowed are {listed}")
        name = names[0]
        if name == "interval":
            # INTERVAL '5' MINUTE keeps its unit here, as a mask.
            for modifier in type_name.typmods:
                self.integer(modifier, "an interval's unit", 0, 32767)
        elif name == "numeric":
            for modifier in type_name.typmods:
                self.integer(modifier, "a precision", 0, _MAX_PRECISION)
        else:
            for modifier in type_name.typmods:
                self.integer(modifier, "a type's length or precision", 0, allowed.MAX_VALUE)
        return name

    def _array_type(self, cast: Node, name: str) -> None:
        if len(cast.type_name.array_bounds) != 1 or name not in allowed.ARRAY_TYPES:
            raise self.refuse("type", f"an array of {name} is not allowed")
        self.integer_bound(cast.type_name.array_bounds[0])
        if inner(cast.arg).DESCRIPTOR.name not in ("A_Const", "A_ArrayExpr"):
            raise self.refuse("type", "only a list that is written out can be cast to an array")

    def integer_bound(self, node: Node) -> None:
        if inner(node).DESCRIPTOR.name != "Integer" or inner(node).ival != -1:
            raise self.refuse("type", "write an array type without a length: text[]")

    def _sqlvalue_function(self, function: Node, _scope: Scope) -> int:
        name = pb.SQLValueFunctionOp.Name(function.op).removeprefix("SVFOP_").removesuffix("_N")
        if name not in ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"):
            raise self.refuse("function", f"{name} is not allowed")
        return PLAIN

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

    # --- operators -----------------------------------------------------------------------------------

    def _a_expr(self, expr: Node, scope: Scope) -> int:
        kind = expr.kind
        if kind in (pb.AEXPR_BETWEEN, pb.AEXPR_NOT_BETWEEN, pb.AEXPR_BETWEEN_SYM, pb.AEXPR_NOT_BETWEEN_SYM):
            self.expr(expr.lexpr, scope)
            self._list(expr.rexpr, scope)
            return PLAIN
        operator = ".".join(strings(expr.name))
        if kind == pb.AEXPR_SIMILAR or operator not in allowed.OPERATORS:
            said = "SIMILAR TO" if kind == pb.AEXPR_SIMILAR else operator
            raise self.refuse(
                "operator", f"the operator {said} is not allowed; allowed are {_LISTED_OPERATORS}"
            )
        if kind == pb.AEXPR_IN:
            self.operand(expr.lexpr, scope)
            self._list(expr.rexpr, scope, rows=True)
            return PLAIN
        if kind in (pb.AEXPR_LIKE, pb.AEXPR_ILIKE):
            return self._like(expr, scope)
        if kind in (pb.AEXPR_OP_ANY, pb.AEXPR_OP_ALL):
            text = self.expr(expr.lexpr, scope)
            array = self.expr(expr.rexpr, scope)
            if operator in allowed.LIKES:
                self._like_work(text, array)
            elif operator not in allowed.COMPARISONS:
                raise self.refuse("operator", f"{operator} ANY is not allowed")
            return PLAIN
        if kind in (pb.AEXPR_DISTINCT, pb.AEXPR_NOT_DISTINCT):
            self.operand(expr.lexpr, scope)
            self.operand(expr.rexpr, scope)
            return PLAIN
        if kind == pb.AEXPR_NULLIF:
            return max(self.expr(expr.lexpr, scope), self.expr(expr.rexpr, scope))
        if kind != pb.AEXPR_OP:
            raise self.refuse("operator", f"this use of {operator} is not allowed")
        return self._operation(expr, operator, scope)

    def _operation(self, expr: Node, operator: str, scope: Scope) -> int:
        if not expr.HasField("lexpr"):
            if operator not in ("-", "+"):
                raise self.refuse("operator", f"{operator} needs a value on its left")
            return self.expr(expr.rexpr, scope)
        if operator in allowed.COMPARISONS:
            self.operand(expr.lexpr, scope)
            self.operand(expr.rexpr, scope)
            return PLAIN
        left = self.expr(expr.lexpr, scope)
        right = self.expr(expr.rexpr, scope)
        if operator in allowed.LIKES:
            self._like_work(left, right)
            return PLAIN
        if operator == "||":
            return left + right
        size = left + right if operator in ("*", "/") else max(left, right) + 1
        if size > allowed.MAX_NUMBER:
            # PostgreSQL has no such operator for a text column, but has one for x::numeric.
            raise self.refuse("size", f"{operator} needs plain numbers or times; a text can be cast: x::int")
        return size

    def operand(self, node: Node, scope: Scope) -> int:
        """A side of a comparison, where a row in brackets may stand as well."""
        message = inner(node)
        if message.DESCRIPTOR.name == "RowExpr":
            self.enter(message)
            return sum(self.exprs(message.args, scope))
        return self.expr(node, scope)

    def _list(self, node: Node, scope: Scope, *, rows: bool = False) -> None:
        items = inner(node)
        self.enter(items)
        for item in items.items:
            if rows:
                self.operand(item, scope)
            else:
                self.expr(item, scope)

    def _row_expr(self, _row: Node, _scope: Scope) -> int:
        raise self.refuse(
            "whole_row", "a row in brackets is allowed in COUNT(DISTINCT (…)) and in comparisons only"
        )

    def _like(self, expr: Node, scope: Scope) -> int:
        text = self.expr(expr.lexpr, scope)
        pattern = inner(expr.rexpr)
        if pattern.DESCRIPTOR.name == "FuncCall" and strings(pattern.funcname) == [
            "pg_catalog",
            "like_escape",
        ]:
            self.enter(pattern)
            self.string(pattern.args[1], "an ESCAPE", 1)
            self.expr(pattern.args[1], scope)
            size = self.expr(pattern.args[0], scope)
            pattern = inner(pattern.args[0])
        else:
            size = self.expr(expr.rexpr, scope)
        if pattern.DESCRIPTOR.name == "A_Const" and pattern.sval.sval.count("%") > allowed.MAX_LIKE_WILDCARDS:
            raise self.refuse("size", f"a LIKE pattern may hold at most {allowed.MAX_LIKE_WILDCARDS} times %")
        self._like_work(text, size)
        return PLAIN

    def _like_work(self, text: int, pattern: int) -> None:
        # Nothing interrupts PostgreSQL inside one LIKE, neither statement_timeout nor pg_terminate_backend.
        if text * pattern > allowed.MAX_LIKE_WORK:
            raise self.refuse("size", "LIKE over texts of that size is not allowed")

    def is_number(self, node: Node) -> bool:
        """Whether a value can be nothing but a number or a time, by its form."""
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "A_Const":
            return bool(message.WhichOneof("val") == "ival")
        if kind == "A_Expr":
            return message.kind == pb.AEXPR_OP and strings(message.name)[-1] in allowed.ARITHMETIC
        if kind == "FuncCall":
            return strings(message.funcname)[-1] in ("position", "strpos", "length", "char_length")
        return kind == "TypeCast" and strings(message.type_name.names)[-1] in ("int2", "int4", "int8")

    def zone(self, node: Node) -> None:
        """A time zone: written out, or a column, or the first of these that is not null."""
        message = inner(node)
        kind = message.DESCRIPTOR.name
        if kind == "ColumnRef":
            return
        if kind == "CoalesceExpr":
            for part in message.args:
                self.zone(part)
            return
        if not re.fullmatch(allowed.TIME_ZONE, self.string(node, "a time zone")):
            raise self.refuse("constant", "this is no time zone; write one such as 'Asia/Seoul'")

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
            self._like_work(tested, largest)
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
