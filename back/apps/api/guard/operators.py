"""The walk over operators and comparisons."""

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import PLAIN
from apps.api.guard.scope import Scope
from apps.api.guard.tree import Node, inner, strings
from apps.api.guard.values import ValueWalk

_LISTED = "= <> < > <= >= + - * / % || LIKE ILIKE ~ ~* BETWEEN IN IS NULL AND OR NOT"
_BETWEEN = (pb.AEXPR_BETWEEN, pb.AEXPR_NOT_BETWEEN, pb.AEXPR_BETWEEN_SYM, pb.AEXPR_NOT_BETWEEN_SYM)


class OperatorWalk(ValueWalk):
    def _a_expr(self, expr: Node, scope: Scope) -> int:
        kind = expr.kind
        if kind in _BETWEEN:
            self.expr(expr.lexpr, scope)
            self._list(expr.rexpr, scope)
            return PLAIN
        operator = ".".join(strings(expr.name))
        if kind == pb.AEXPR_SIMILAR or operator not in allowed.OPERATORS:
            said = "SIMILAR TO" if kind == pb.AEXPR_SIMILAR else operator
            raise self.refuse("operator", f"the operator {said} is not allowed; allowed are {_LISTED}")
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
                self.search(text, array)
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
            self.search(left, right)
            return PLAIN
        if operator in allowed.REGEXES:
            self.regex(expr.rexpr)
            self.search(left, right)
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
            return sum(self.expr(part, scope) for part in message.args)
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
        self.search(text, size)
        return PLAIN

    def search(self, text: int, pattern: int) -> None:
        # Nothing interrupts PostgreSQL inside one LIKE or replace(), not even pg_terminate_backend.
        if text * pattern > allowed.MAX_SEARCH:
            raise self.refuse("size", "looking for a text of that size in a text of that size is not allowed")
