"""What a question's SQL may be made of. Everything that is not named here is refused."""

from dataclasses import dataclass
from typing import Literal

from semantics import VOCABULARY

# Bounds of what an expression may hold, in bytes of text or digits of a number. PostgreSQL cannot be
# interrupted inside one LIKE, replace() or numeric multiplication, so no value may grow past what one of
# them does in a moment.
TEXT_COLUMN = 8_192
PLAIN = 48  # an integer, a float, a boolean, a moment, printed
MAX_VALUE = 1_048_576
MAX_NUMBER = 1_000
MAX_SEARCH = 100_000_000  # bytes of text × bytes of what is looked for in it
MAX_LIKE_WILDCARDS = 12
MAX_PATTERN = 200  # characters of a regular expression
MAX_REPEAT = 50  # in a{1,50}
MAX_POWER = 10

MAX_COLUMNS = 64
MAX_TABLE_READS = 16  # a CTE counts as often as it is read
MAX_UNJOINED_ROWS = 10_000
MAX_GATHERED_ROWS = 10_000
MAX_OFFSET = 100_000
MAX_SERIES = 10_000

# The tables are re-emitted with their schema: no search_path and no temporary table can put another in their
# place.
SCHEMA = "public"

TABLES: dict[str, dict[str, int]] = {
    table.name: {column.name: TEXT_COLUMN if column.type == "text" else PLAIN for column in table.columns}
    for table in VOCABULARY.tables
}
COLUMN_NAMES = frozenset(name for columns in TABLES.values() for name in columns)

# Columns that the database holds to a handful of values: gathering the distinct ones cannot grow.
FEW_VALUES = frozenset({"event_type", "gender", "severity"})

COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
LIKES = frozenset({"~~", "!~~", "~~*", "!~~*"})
# Regular expressions. PostgreSQL can be interrupted inside one: the reader's timeout ends a slow one.
REGEXES = frozenset({"~", "~*", "!~", "!~*"})
OPERATORS = COMPARISONS | ARITHMETIC | LIKES | REGEXES | {"||"}

# name → bytes of a value of that type; None keeps the bound of what is cast.
TYPES: dict[str, int | None] = {
    "int2": PLAIN,
    "int4": PLAIN,
    "int8": PLAIN,
    "float4": PLAIN,
    "float8": PLAIN,
    "bool": PLAIN,
    "date": PLAIN,
    "time": PLAIN,
    "timetz": PLAIN,
    "timestamp": PLAIN,
    "timestamptz": PLAIN,
    "interval": 2 * PLAIN,
    "numeric": None,
    "text": None,
    "varchar": None,
}
ARRAY_TYPES = frozenset({"int2", "int4", "int8", "float8", "numeric", "text", "varchar"})

Kind = Literal["scalar", "aggregate", "window", "ordered", "gather"]
Growth = Literal[
    "plain", "largest", "sum", "number", "case", "replace", "pad", "pattern", "translate", "power", "rewrite"
]


@dataclass(frozen=True, slots=True)
class Function:
    """`least` to `most` arguments; `growth` is how the result is bounded by them."""

    kind: Kind
    least: int
    most: int
    growth: Growth = "plain"
    named: bool = False


def _all(names: str, *args: object, **kwargs: object) -> dict[str, Function]:
    return {name: Function(*args, **kwargs) for name in names.split()}  # type: ignore[arg-type]


FUNCTIONS: dict[str, Function] = {
    # numbers
    **_all("abs ceil ceiling floor sign", "scalar", 1, 1, "number"),
    **_all("round trunc", "scalar", 1, 2, "number"),
    **_all("mod div", "scalar", 2, 2, "number"),
    **_all("width_bucket", "scalar", 2, 4),
    **_all("sqrt cbrt ln log", "scalar", 1, 1, "number"),
    **_all("power", "scalar", 2, 2, "power"),
    **_all("cardinality", "scalar", 1, 1),
    **_all("array_length", "scalar", 2, 2),
    # text
    **_all("lower upper initcap", "scalar", 1, 1, "case"),
    **_all("length char_length character_length octet_length ascii", "scalar", 1, 1),
    **_all("strpos", "scalar", 2, 2),
    **_all("starts_with", "scalar", 2, 2),
    **_all("btrim ltrim rtrim", "scalar", 1, 2, "largest"),
    **_all("substr substring", "scalar", 2, 3, "largest"),
    **_all("left right", "scalar", 2, 2, "largest"),
    **_all("split_part", "scalar", 3, 3, "largest"),
    **_all("reverse", "scalar", 1, 1, "largest"),
    **_all("replace", "scalar", 3, 3, "replace"),
    **_all("translate", "scalar", 3, 3, "translate"),
    **_all("concat", "scalar", 1, 32, "sum"),
    **_all("concat_ws", "scalar", 2, 32, "sum"),
    **_all("format", "scalar", 1, 16, "sum"),
    **_all("lpad rpad", "scalar", 2, 3, "pad"),
    **_all("regexp_replace", "scalar", 3, 4, "rewrite"),
    **_all("regexp_count", "scalar", 2, 4),
    **_all("regexp_like", "scalar", 2, 3),
    **_all("regexp_substr", "scalar", 2, 2, "largest"),
    # time
    **_all("age", "scalar", 2, 2),  # with one it counts from the server's today
    **_all("date_trunc", "scalar", 2, 3),
    **_all("date_part", "scalar", 2, 2),
    **_all("date_bin", "scalar", 3, 3),
    **_all("to_char", "scalar", 2, 2, "pattern"),
    **_all("timezone", "scalar", 2, 2),
    **_all("to_timestamp", "scalar", 1, 2),
    **_all("to_date", "scalar", 2, 2),
    **_all("date", "scalar", 1, 1),
    **_all("make_interval", "scalar", 0, 7, named=True),
    **_all("make_date make_time", "scalar", 3, 3),
    **_all("make_timestamp", "scalar", 6, 6),
    **_all("make_timestamptz", "scalar", 6, 7),
    **_all("justify_hours justify_interval", "scalar", 1, 1),
    # aggregates, all of them also as windows
    **_all("count", "aggregate", 0, 1),
    **_all("sum avg", "aggregate", 1, 1, "number"),
    **_all("min max any_value", "aggregate", 1, 1, "largest"),
    **_all("bool_and bool_or every", "aggregate", 1, 1),
    **_all("stddev stddev_pop stddev_samp variance var_pop var_samp", "aggregate", 1, 1, "number"),
    **_all("corr regr_slope regr_intercept regr_r2 regr_count covar_pop covar_samp", "aggregate", 2, 2),
    **_all("string_agg", "gather", 2, 2),
    **_all("array_agg", "gather", 1, 1),
    **_all("percentile_cont percentile_disc", "ordered", 1, 1),
    **_all("mode", "ordered", 0, 0),
    # windows
    **_all("row_number rank dense_rank percent_rank cume_dist", "window", 0, 0),
    **_all("ntile", "window", 1, 1),
    **_all("lag lead", "window", 1, 3, "largest"),
    **_all("first_value last_value", "window", 1, 1, "largest"),
    **_all("nth_value", "window", 2, 2, "largest"),
}

# They compare every part of the first value with the second one.
SEARCHING = frozenset(
    {"replace", "translate", "strpos", "position", "split_part", "btrim", "ltrim", "rtrim", "starts_with"}
)

# What the grammar spells as syntax (EXTRACT(… FROM …), … AT TIME ZONE …), by the name it has in the tree.
SYNTAX_FUNCTIONS: dict[str, Function] = {
    "extract": Function("scalar", 2, 2),
    "timezone": Function("scalar", 2, 2),
    "position": Function("scalar", 2, 2),
    "substring": Function("scalar", 2, 3, "largest"),
    **{name: FUNCTIONS[name] for name in ("btrim", "ltrim", "rtrim")},
    "overlaps": Function("scalar", 4, 4),
}

# The server's clock. A question has a moment of its own, which may be another: told, it is written out.
CLOCK_FUNCTIONS = frozenset(
    {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"}
)
CLOCK_TYPES = frozenset({"date", "time", "timetz", "timestamp", "timestamptz"})
CLOCK_WORD = r"\b(now|today|tomorrow|yesterday)\b"  # anywhere in what is cast to one of these types
# What PostgreSQL reads as such a moment wherever one is compared with it: 'today', 'yesterday 14:00+09'.
CLOCK_TEXT = (
    r"\s*(now|today|tomorrow|yesterday)(\s+\d[\d:.]*)?"
    r"(\s*([+-]\d{1,2}(:?\d\d)?|z|utc|[a-z]+/[a-z_/]+))?\s*"
)

# In FROM, and only with arguments that are written out.
TABLE_FUNCTIONS = ("generate_series", "unnest")

TIME_ZONE = r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+){0,2}|[+-]?\d{1,2}(:\d{2})?"
