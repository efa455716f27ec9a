"""The second opinion: another parser reads what was re-emitted, and a walk of its own looks at what it saw.

It shares no rule with the first one but the lists of tables, columns and functions. It is coarser, since it
knows no scopes, and need not be finer: it is to notice when the parser, the walk or the deparser was fooled.
"""

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from apps.api.guard.allowed import COLUMN_NAMES, FUNCTIONS, SCHEMA, TABLES
from apps.api.guard.refusal import RefusedSql


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STRUCTURE = _words("""
    Select Union Intersect Except Subquery With CTE From Join Lateral Where Group Having Order Ordered
    Limit Offset Fetch LimitOptions Distinct Window WindowSpec WithinGroup Filter Table TableAlias Alias
    Aliases Column Identifier Star Dot Paren Tuple Values Literal ByteString Boolean Null Var Interval
    DataType DataTypeParam Cast Case If And Or Not Neg Exists Any All Array In Between Like ILike Escape
    Is EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Add Sub Mul Div Mod DPipe AtTimeZone Extract Overlaps
    PropertyEQ Coalesce Greatest Least Nullif Rollup GroupingSets Grouping Unnest GenerateSeries
    ExplodingGenerateSeries
""")
# sqlglot has classes of its own for these functions.
_FUNCTIONS = _words("""
    Abs Ceil Floor Sign Round Trunc Mod IntDiv WidthBucket Lower Upper Initcap Length ByteLength Ascii
    StrPosition StartsWith Trim Substring Left Right SplitPart Reverse Replace Translate Concat ConcatWs
    Pad TimestampTrunc DateTrunc Format StrToTime StrToDate TimestampFromParts DateBin TimeToStr ToChar
    UnixToTime MakeInterval Date DateFromParts TimeFromParts JustifyHours JustifyInterval Count Sum Avg
    Min Max AnyValue LogicalAnd LogicalOr Stddev StddevPop StddevSamp Variance VariancePop Corr
    GroupConcat ArrayAgg PercentileCont PercentileDisc Mode RowNumber Rank DenseRank PercentRank CumeDist
    Ntile Lag Lead FirstValue LastValue NthValue
""")
_ALLOWED = {getattr(exp, name) for name in _STRUCTURE | _FUNCTIONS}
# Functions that it has no class for.
_NAMED = _words("age octet_length every make_date make_timestamptz timezone like_escape row all")
# The names that PostgreSQL gives to columns without an alias.
_UNNAMED = frozenset(FUNCTIONS) | _words("""
    ?column? extract timezone position case coalesce greatest least nullif exists array row grouping
    column1 column2 column3 column4 column5 column6 column7 column8
    int2 int4 int8 float4 float8 bool date time timetz timestamp timestamptz interval numeric text varchar
""")
_TYPES = {
    exp.DType[name]
    for name in _words("""
        SMALLINT INT BIGINT FLOAT DOUBLE BOOLEAN DATE TIME TIMETZ TIMESTAMP TIMESTAMPTZ INTERVAL DECIMAL TEXT
        VARCHAR ARRAY
    """)
}
_POSTGRES = Dialect.get_or_raise("postgres")


def check_again(sql: str, *, limit: int) -> None:
    try:
        statements = _POSTGRES.parse(sql)
    except (SqlglotError, RecursionError, ValueError) as error:
        raise _disagree(f"it cannot be read: {str(error).splitlines()[0][:120]}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise _disagree("it is not one SELECT")
    root = statements[0]
    last = root.args.get("limit")
    if last is None or last.expression != exp.Literal.number(limit):
        raise _disagree(f"its limit is not {limit}")
    nodes = list(root.walk(bfs=False))
    known = COLUMN_NAMES | _UNNAMED | set(_given_names(nodes))
    ctes = {node.alias for node in nodes if isinstance(node, exp.CTE)}
    for node in nodes:
        _check(node, known, ctes)


def _check(node: exp.Expr, known: frozenset[str], ctes: set[str]) -> None:
    kind = type(node)
    if kind is exp.Anonymous:
        if str(node.this).lower() not in _NAMED:
            raise _disagree(f"it calls {node.this}")
    elif kind not in _ALLOWED:
        raise _disagree(f"it holds {kind.__name__}")
    elif kind is exp.Table:
        _check_table(node, ctes)
    elif kind is exp.Column:
        if node.name not in known or node.args.get("db"):
            raise _disagree(f"it reads {node.name}")
    elif kind is exp.Star:
        if not isinstance(node.parent, exp.Count) and not _is_all_of_values(node.parent):
            raise _disagree("it holds *")
    elif kind is exp.Dot:
        if node.this.name != "pg_catalog" or not isinstance(node.expression, exp.Func):
            raise _disagree(f"it holds {node.sql()}")
    elif kind is exp.DataType and node.this not in _TYPES and not isinstance(node.this, exp.Interval):
        raise _disagree(f"it uses the type {node.sql()}")


def _is_all_of_values(parent: exp.Expr | None) -> bool:
    """sqlglot's own way to say VALUES in WITH: SELECT * FROM (VALUES …)."""
    if not isinstance(parent, exp.Select) or parent.args.get("joins"):
        return False
    source = parent.args.get("from_")
    return source is not None and isinstance(source.this, exp.Values)


def _check_table(table: exp.Expr, ctes: set[str]) -> None:
    if not isinstance(table.this, exp.Identifier):
        return  # a function, which is checked by itself
    schema, name = table.args.get("db"), table.name
    if table.args.get("catalog"):
        raise _disagree(f"it reads {name} of another database")
    if (schema is None and name in ctes) or (schema is not None and schema.name == SCHEMA and name in TABLES):
        return
    raise _disagree(f"it reads {name}")


def _given_names(nodes: list[exp.Expr]) -> Iterator[str]:
    """The names that the query itself gives to columns."""
    for node in nodes:
        if isinstance(node, exp.Alias):
            yield node.alias
        elif isinstance(node, exp.TableAlias):
            yield from (column.name for column in node.columns)
            if node.parent and not isinstance(node.parent.this, exp.Identifier | exp.Query):
                yield node.name  # generate_series(…) AS minute: a table and its one column


def _disagree(what: str) -> RefusedSql:
    return RefusedSql("disagreement", f"a second reading of the SQL says: {what}")
