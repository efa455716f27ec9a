"""The walk over function calls."""

import re
from collections.abc import Sequence

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import FUNCTIONS, PLAIN, SEARCHING, SYNTAX_FUNCTIONS, Function
from apps.api.guard.expression import ExpressionWalk
from apps.api.guard.scope import Scope
from apps.api.guard.tree import Node, inner, strings

_MAX_PAD = 1_000
_MAX_DECIMALS = 20
_MAX_STEP = 10_000
_MAX_FRACTIONS = 20
_MAX_REPLACEMENT = 64
_REGEX_FUNCTIONS = frozenset({"regexp_replace", "regexp_count", "regexp_like", "regexp_substr"})
_INTERVAL_PARTS = frozenset({"years", "months", "weeks", "days", "hours", "mins", "secs"})
_FORMAT = re.compile(r"(?:[^%]|%s|%%)*")  # with a width it would pad without bound
_LISTED = ", ".join(sorted(FUNCTIONS))


class FunctionWalk(ExpressionWalk):
    def _func_call(self, call: Node, scope: Scope) -> int:
        name, function = self._function(call)
        if not call.agg_star and not function.least <= len(call.args) <= function.most:
            raise self.refuse("function", f"{name} does not take {len(call.args)} arguments")
        self._check_use(name, function, call)
        outside, self.touched = self.touched, set()
        sizes = [self._argument(node, name, function, scope) for node in call.args]
        self._check_arguments(name, call)
        if (name in SEARCHING or name in _REGEX_FUNCTIONS) and len(sizes) > 1:
            self.search(sizes[0], sizes[1])
        if call.HasField("agg_filter"):
            self.expr(call.agg_filter, scope)
        inside, self.touched = self.touched, outside | self.touched
        if function.kind in ("aggregate", "gather") and not call.HasField("over"):
            self.aggregated |= self._is_local(inside, scope)
        ordered = [self.sort_expression(node, scope) for node in call.agg_order]
        if call.HasField("over"):
            self.window(call.over, scope)
        if function.kind == "gather":
            return self.gathered(self._rows(call, scope, inside), sum(sizes))
        if function.kind == "ordered":
            return max(ordered) * (_MAX_FRACTIONS if name == "percentile_disc" else 1)
        return self._grown(function, sizes)

    def _function(self, call: Node) -> tuple[str, Function]:
        names = strings(call.funcname)
        if call.funcformat == pb.COERCE_SQL_SYNTAX:
            known = SYNTAX_FUNCTIONS
        else:
            known = FUNCTIONS
            if len(names) == 2 and names[0] == "pg_catalog" and names[1] in known:
                del call.funcname[0]
        if names[0] == "pg_catalog" and len(names) == 2:
            del names[0]
        name = ".".join(names)
        if name in allowed.CLOCK_FUNCTIONS:
            raise self.clock(f"{name}()")
        if name not in known:
            raise self.refuse("function", f"the function {name} is not allowed; allowed are {_LISTED}")
        return name, known[name]

    def _check_use(self, name: str, function: Function, call: Node) -> None:
        aggregate = function.kind in ("aggregate", "gather")
        if call.agg_star and (name != "count" or call.args):
            raise self.refuse("function", f"{name}(*) is not allowed")
        if name == "count" and not call.agg_star and not call.args:
            raise self.refuse("function", "write COUNT(*)")
        if (call.agg_distinct or (call.agg_order and not call.agg_within_group)) and not aggregate:
            raise self.refuse("function", f"{name} takes neither DISTINCT nor ORDER BY")
        if call.HasField("agg_filter") and not (aggregate or function.kind == "ordered"):
            raise self.refuse("function", f"{name} takes no FILTER")
        if call.agg_within_group != (function.kind == "ordered"):
            raise self.refuse("function", f"{name} is {'not ' * call.agg_within_group}used with WITHIN GROUP")
        if call.HasField("over") and function.kind not in ("aggregate", "window"):
            raise self.refuse("function", f"{name} is not a window function here")
        if function.kind == "window" and not call.HasField("over"):
            raise self.refuse("function", f"{name} needs OVER (…)")
        if function.kind == "ordered" and len(call.agg_order) != 1:
            raise self.refuse("function", f"{name} needs WITHIN GROUP (ORDER BY …) with one value")

    def _argument(self, node: Node, name: str, function: Function, scope: Scope) -> int:
        message = inner(node)
        if message.DESCRIPTOR.name == "NamedArgExpr":
            self.enter(message)
            if not function.named or message.name not in _INTERVAL_PARTS:
                raise self.refuse("function", f"{name} has no argument named {message.name}")
            return self.expr(message.arg, scope)
        return self.operand(node, scope) if name == "count" else self.expr(node, scope)

    def _check_arguments(self, name: str, call: Node) -> None:
        args = call.args
        if name in ("extract", "date_part", "date_trunc"):
            self.string(args[0], "the part of the time", 20)
        if name == "timezone":
            self.zone(args[0])
        if name == "date_trunc" and len(args) == 3:
            self.zone(args[2])
        if name == "make_timestamptz" and len(args) == 7:
            self.zone(args[6])
        if name in ("to_char", "to_date") or (name == "to_timestamp" and len(args) == 2):
            self.string(args[1], f"the format of {name}")
        if name == "format" and not _FORMAT.fullmatch(self.string(args[0], "the format", 200)):
            raise self.refuse("constant", "format takes %s and %% only")
        if name.startswith("percentile"):
            self._fractions(name, args[0])
        if name == "power":
            self._exponent(args[1])
        if name == "width_bucket" and len(args) == 3:
            raise self.refuse(
                "function", "width_bucket takes a value and thresholds, or a range and a number"
            )
        if name in _REGEX_FUNCTIONS:
            self._regex_arguments(name, args)
        if name == "string_agg":
            self.string(args[1], "the separator of string_agg")
        if name in ("round", "trunc") and len(args) == 2:
            self.integer(args[1], "the number of decimals", -_MAX_DECIMALS, _MAX_DECIMALS)
        if name in ("lpad", "rpad"):
            self.integer(args[1], "the length to pad to", 0, _MAX_PAD)
        if name == "ntile":
            self.integer(args[0], "the number of tiles", 1, _MAX_STEP)
        if name in ("lag", "lead", "nth_value") and len(args) > 1:
            self.integer(args[1], "the number of rows", 0, _MAX_STEP)
        # With a text in second place substring() is a regular expression.
        if name == "substring" and len(args) == 2 and self._is_text(args[1]):
            self.regex(args[1])
        elif name == "substring" and not all(self.is_number(node) for node in args[1:]):
            raise self.refuse(
                "function", "substring takes a start and a length, as numbers: substring(x, 1, 3)"
            )

    def _is_text(self, node: Node) -> bool:
        const = inner(node)
        return bool(const.DESCRIPTOR.name == "A_Const" and const.WhichOneof("val") == "sval")

    def _fractions(self, name: str, node: Node) -> None:
        message = inner(node)
        several = message.elements if message.DESCRIPTOR.name == "A_ArrayExpr" else [node]
        if len(several) > _MAX_FRACTIONS or any(inner(one).DESCRIPTOR.name != "A_Const" for one in several):
            raise self.refuse(
                "constant", f"{name} takes one fraction or at most {_MAX_FRACTIONS} in an ARRAY, written out"
            )

    def _exponent(self, node: Node) -> None:
        """A numeric power has as many digits as its exponent says."""
        const = inner(node)
        sign = 1
        if const.DESCRIPTOR.name == "A_Expr" and strings(const.name) == ["-"] and not const.HasField("lexpr"):
            const, sign = inner(const.rexpr), -1
        which = const.WhichOneof("val") if const.DESCRIPTOR.name == "A_Const" else None
        value = const.ival.ival if which == "ival" else float(const.fval.fval) if which == "fval" else None
        if value is None or not -allowed.MAX_POWER <= sign * value <= allowed.MAX_POWER:
            most = allowed.MAX_POWER
            raise self.refuse(
                "constant", f"the exponent of power has to lie between -{most} and {most}, written out"
            )

    def _regex_arguments(self, name: str, args: Sequence[Node]) -> None:
        self.regex(args[1])
        rest = list(args[2:])
        if name == "regexp_replace":
            self.string(rest.pop(0), "the replacement of regexp_replace", _MAX_REPLACEMENT)
        if name == "regexp_count" and rest:
            self.integer(rest.pop(0), "the start of regexp_count", 1, allowed.TEXT_COLUMN)
        for flags in rest:
            if not re.fullmatch("[gicnsmpqwx]{0,8}", self.string(flags, "the flags of a regular expression")):
                raise self.refuse("constant", "these are no flags of a regular expression")

    def _grown(self, function: Function, sizes: list[int]) -> int:
        largest = max(sizes, default=0)
        match function.growth:
            case "largest":
                return largest
            case "sum":
                return sum(sizes) + sizes[0] * len(sizes)
            case "number":
                return largest + PLAIN
            case "case":
                return 2 * largest
            case "replace":
                return sizes[0] * (sizes[2] + 1)
            case "translate":
                return 4 * sizes[0]
            case "rewrite":  # each \\& or \\1 of the replacement brings what matched once more
                return sizes[0] * (2 * sizes[2] + 1)
            case "power":
                return (sizes[0] + PLAIN) * allowed.MAX_POWER
            case "pad":
                return 4 * _MAX_PAD
            case "pattern":
                return 16 * sizes[1] + PLAIN
            case _:
                return PLAIN

    def _rows(self, call: Node, scope: Scope, inside: set[int]) -> int | None:
        """How many values one string_agg or array_agg may gather."""
        if not self._is_local(inside, scope):
            return None
        if call.agg_distinct and self._has_few_values(inner(call.args[0]), scope):
            return 100
        rows = 1
        for relation in scope.relations:
            if relation.rows is None:
                return None
            rows *= max(relation.rows, 1)
        return rows

    def _is_local(self, inside: set[int], scope: Scope) -> bool:
        """An aggregate over columns of a query around this one gathers the rows of that one."""
        return not inside or any(relation.number in inside for relation in scope.relations)

    def _has_few_values(self, value: Node, scope: Scope) -> bool:
        if value.DESCRIPTOR.name != "ColumnRef":
            return False
        *table, column = strings(value.fields)
        found = [r for r in scope.relations if column in r.columns and table in ([], [r.name])]
        # A table's own column: a subquery could call anything event_type.
        return column in allowed.FEW_VALUES and len(found) == 1 and found[0].base

    # --- windows and order ---------------------------------------------------------------------------

    def window(self, window: Node, scope: Scope) -> None:
        self.enter(window)
        self.exprs(window.partition_clause, scope)
        for node in window.order_clause:
            self.sort_expression(node, scope)
        for offset in (window.start_offset, window.end_offset):
            if offset.WhichOneof("node") is None:
                continue
            message = inner(offset)
            if message.DESCRIPTOR.name == "A_Const" and message.WhichOneof("val") == "ival":
                self.integer(offset, "a window's frame", 0, 1_000_000)
            else:
                self.string(offset, "a window's frame", 40)
                self.expr(offset, scope)

    def sort_expression(self, node: Node, scope: Scope) -> int:
        sort = inner(node)
        self.enter(sort)
        return self.expr(sort.node, scope)
