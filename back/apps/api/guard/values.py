"""The walk over what is written out: constants, the types they are cast to, time zones."""

import re
from abc import abstractmethod
from decimal import Decimal, InvalidOperation

from postgast import pg_query_pb2 as pb

from apps.api.guard import allowed
from apps.api.guard.allowed import PLAIN
from apps.api.guard.refusal import RefusedSql
from apps.api.guard.scope import Scope
from apps.api.guard.tree import Cursor, Node, inner, strings

_MAX_EXPONENT = 40
_MAX_DIGITS = 60
_MAX_PRECISION = 38
_BACK_REFERENCE = re.compile(r"\\[1-9]|\*\*\*")
_REPEAT = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)\s*\}")


class ValueWalk(Cursor):
    @abstractmethod
    def expr(self, node: Node, scope: Scope) -> int:
        """Walks any expression; gives the bound of its value."""

    def _a_const(self, const: Node, _scope: Scope) -> int:
        which = const.WhichOneof("val")
        if which == "sval":
            if re.fullmatch(allowed.CLOCK_TEXT, const.sval.sval, re.I):
                raise self.clock(f"'{const.sval.sval}'")
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

    def regex(self, node: Node) -> None:
        """A pattern that is written out, short, and without long repeats or a reference back to a match."""
        pattern = self.string(node, "a regular expression", allowed.MAX_PATTERN)
        if _BACK_REFERENCE.search(pattern):
            raise self.refuse("constant", "a regular expression may not refer back to what it matched")
        numbers = [number for bounds in _REPEAT.findall(pattern) for number in bounds if number]
        if any(len(number) > 3 or int(number) > allowed.MAX_REPEAT for number in numbers):
            raise self.refuse(
                "constant", f"a regular expression may repeat {allowed.MAX_REPEAT} times at most"
            )

    def _type_cast(self, cast: Node, scope: Scope) -> int:
        size = self.expr(cast.arg, scope)
        type_name = cast.type_name
        self.enter(type_name)
        name = self._type(type_name)
        if name in allowed.CLOCK_TYPES:
            self._is_written_out(cast.arg)
        if type_name.array_bounds:
            self._array_type(cast, name)
            return size
        fixed = allowed.TYPES[name]
        return max(size, PLAIN) if fixed is None else fixed

    def _is_written_out(self, node: Node) -> None:
        const = inner(node)
        if const.DESCRIPTOR.name == "A_Const" and re.search(allowed.CLOCK_WORD, const.sval.sval, re.I):
            raise self.clock(f"'{const.sval.sval[:40]}'")

    def clock(self, what: str) -> RefusedSql:
        return self.refuse(
            "clock",
            f"{what} is the time of the server, not the moment of the question: write out the moment that is "
            "meant, such as TIMESTAMPTZ '2031-05-06 14:00:00+09:00' or DATE '2031-05-06'",
        )

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
        if name in ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"):
            raise self.clock(name)
        raise self.refuse("function", f"{name} is not allowed")

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
