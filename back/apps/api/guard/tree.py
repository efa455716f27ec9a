"""PostgreSQL's syntax tree as postgast hands it out: the nodes and fields that the guard reads."""

from typing import Any

from postgast import pg_query_pb2 as pb

from apps.api.guard.refusal import Code, RefusedSql

Node = Any  # the protobuf classes are generated and carry no useful common type

# Fields that are listed here are read by the walk of that node; a field that is set and not listed is a
# piece of SQL nobody thought about, and refused. The empty ones hold nothing but their place.
FIELDS: dict[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "SelectStmt": "distinct_clause target_list from_clause where_clause group_clause having_clause"
        " window_clause values_lists sort_clause limit_offset limit_count limit_option with_clause op all"
        " larg rarg",
        "WithClause": "ctes",
        "CommonTableExpr": "ctename aliascolnames ctematerialized ctequery",
        "RangeVar": "schemaname relname inh relpersistence alias",
        "RangeSubselect": "lateral subquery alias",
        "RangeFunction": "functions alias",
        "JoinExpr": "jointype larg rarg using_clause quals",
        "Alias": "aliasname colnames",
        "ResTarget": "name val",
        "ColumnRef": "fields",
        "A_Const": "ival fval boolval sval isnull",
        "TypeCast": "arg type_name",
        "TypeName": "names typmods typemod array_bounds",
        "A_Expr": "kind name lexpr rexpr",
        "BoolExpr": "boolop args",
        "NullTest": "arg nulltesttype",
        "BooleanTest": "arg booltesttype",
        "CaseExpr": "arg args defresult",
        "CaseWhen": "expr result",
        "CoalesceExpr": "args",
        "MinMaxExpr": "op args",
        "RowExpr": "args row_format",
        "A_ArrayExpr": "elements",
        "SubLink": "sub_link_type testexpr oper_name subselect",
        "FuncCall": "funcname args agg_order agg_filter agg_within_group agg_star agg_distinct over"
        " funcformat",
        "NamedArgExpr": "arg name argnumber",
        "WindowDef": "name refname partition_clause order_clause frame_options start_offset end_offset",
        "SortBy": "node sortby_dir sortby_nulls",
        "SQLValueFunction": "op typmod",
        "GroupingSet": "kind content",
        "GroupingFunc": "args",
        "List": "items",
    }.items()
}

# Where something stood in the text. Cleared while walking, so that two trees compare by meaning alone.
PLACES = ("location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end")

SAID_AS: dict[str, str] = {
    "A_Indirection": "a subscript or a field of a row",
    "A_Star": "*",
    "CollateClause": "COLLATE",
    "IntoClause": "INTO",
    "LockingClause": "FOR UPDATE and its like",
    "ParamRef": "a placeholder",
    "RangeTableSample": "TABLESAMPLE",
    "RangeTableFunc": "XMLTABLE",
    "SetToDefault": "DEFAULT",
    "XmlExpr": "XML",
    "XmlSerialize": "XML",
    "into_clause": "INTO",
    "locking_clause": "FOR UPDATE and its like",
    "recursive": "WITH RECURSIVE",
    "is_natural": "NATURAL JOIN",
    "join_using_alias": "an alias for USING",
    "lateral": "LATERAL on a function",
    "ordinality": "WITH ORDINALITY",
    "is_rowsfrom": "ROWS FROM",
    "coldeflist": "a column definition list",
    "catalogname": "a database name before a table",
    "func_variadic": "VARIADIC",
    "use_op": "ORDER BY … USING",
    "setof": "SETOF",
    "pct_type": "%TYPE",
    "search_clause": "SEARCH",
    "cycle_clause": "CYCLE",
    "indirection": "a subscript or a field of a row",
    "group_distinct": "GROUP BY DISTINCT",
    "bsval": "a bit string",
    "alias": "an alias for a whole join",
}

_PLACES_OF = {
    name: tuple(p for p in PLACES if p in getattr(pb, name).DESCRIPTOR.fields_by_name) for name in FIELDS
}
# Of each node the few fields that are not listed, and whether a field is set by being there or by its value:
# to look at them takes half the time of listing all that are set.
_UNLISTED = {
    name: tuple(
        (field.name, field.has_presence)
        for field in getattr(pb, name).DESCRIPTOR.fields
        if field.name not in fields and field.name not in PLACES
    )
    for name, fields in FIELDS.items()
}


class Cursor:
    """Steps into nodes, one at a time; knows where the walk is, for the message of a refusal."""

    def __init__(self) -> None:
        self.byte_offset = -1

    def enter(self, message: Node) -> str:
        """Its kind. Nothing of the node may be set that the walk does not read."""
        kind: str = message.DESCRIPTOR.name
        unlisted = _UNLISTED.get(kind)
        if unlisted is None:
            raise self.refuse("construct", f"{SAID_AS.get(kind, kind)} is not allowed")
        places = _PLACES_OF[kind]
        if "location" in places and message.location > 0:
            self.byte_offset = message.location
        for name, present in unlisted:
            if message.HasField(name) if present else getattr(message, name):
                raise self.refuse("construct", f"{SAID_AS.get(name, name)} is not allowed")
        for place in places:
            message.ClearField(place)
        return kind

    def refuse(self, code: Code, message: str) -> RefusedSql:
        # The byte offset becomes a position in characters where the text is at hand (checking.py).
        return RefusedSql(code, message, self.byte_offset)


def inner(node: Node) -> Node:
    """What a Node wraps."""
    which = node.WhichOneof("node")
    return getattr(node, which) if which else node


def strings(nodes: Any) -> list[str]:
    return [node.string.sval or ("" if node.HasField("string") else "*") for node in nodes]


def string_node(text: str) -> Node:
    return pb.Node(string=pb.String(sval=text))


def integer_node(value: int) -> Node:
    return pb.Node(a_const=pb.A_Const(ival=pb.Integer(ival=value)))


def column_target(relation: str, column: str) -> Node:
    reference = pb.ColumnRef(fields=[string_node(relation), string_node(column)])
    return pb.Node(res_target=pb.ResTarget(val=pb.Node(column_ref=reference)))


def output_name(node: Node) -> str:
    """The name that PostgreSQL gives to a column without an alias (FigureColname in parse_target.c)."""
    return _figured(inner(node))[1] or "?column?"


def _figured(node: Node) -> tuple[int, str]:
    kind = node.DESCRIPTOR.name
    if kind == "ColumnRef":
        return 2, strings(node.fields)[-1]
    if kind == "FuncCall":
        return 2, strings(node.funcname)[-1]
    if kind == "A_Expr":
        return (2, "nullif") if node.kind == pb.AEXPR_NULLIF else (0, "")
    if kind == "TypeCast":
        strength, name = _figured(inner(node.arg))
        return (strength, name) if strength == 2 else (1, strings(node.type_name.names)[-1])
    if kind == "CaseExpr":
        strength, name = _figured(inner(node.defresult))
        return (strength, name) if strength == 2 else (1, "case")
    if kind == "SubLink":
        if node.sub_link_type == pb.EXISTS_SUBLINK:
            return 2, "exists"
        if node.sub_link_type == pb.ARRAY_SUBLINK:
            return 2, "array"
        if node.sub_link_type == pb.EXPR_SUBLINK:
            return 2, _first_output(node.subselect.select_stmt)
        return 0, ""
    if kind == "MinMaxExpr":
        return 2, "greatest" if node.op == pb.IS_GREATEST else "least"
    if kind == "SQLValueFunction":
        return 2, pb.SQLValueFunctionOp.Name(node.op).removeprefix("SVFOP_").removesuffix("_N").lower()
    fixed = {"A_ArrayExpr": "array", "RowExpr": "row", "CoalesceExpr": "coalesce", "GroupingFunc": "grouping"}
    return (2, fixed[kind]) if kind in fixed else (0, "")


def _first_output(select: Node) -> str:
    while select.op not in (pb.SET_OPERATION_UNDEFINED, pb.SETOP_NONE):
        select = select.larg
    if not select.target_list:
        return "column1" if select.values_lists else "?column?"
    target = inner(select.target_list[0])
    return target.name or output_name(target.val)
