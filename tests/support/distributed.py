"""What Citus, YugabyteDB and CockroachDB lack, and which statements of the service need it.

The statements are parsed with PostgreSQL's own parser, and not run on any of the three.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pgparse

Node = dict[str, Any]
Finder = Callable[[str, Node], str | None]  # from the kind of a node and the node: the name of what is found
VOLATILE = {"random", "clock_timestamp", "gen_random_uuid", "set_config", "nextval"}


def parse(statement: str) -> list[Node]:
    """Parse a statement of SQLAlchemy or of `prepared.py`, with placeholders. Raises PGQueryError."""
    numbers: dict[str, str] = {}
    text = re.sub(r"%\((\w+)\)s", lambda found: numbers.setdefault(found[1], f"${len(numbers) + 1}"), statement)
    return list(pgparse.parse(text.replace("%%", "%")))


def nodes(tree: Any) -> Iterator[tuple[str, Node]]:
    """Return every node of a parsed statement with its kind."""
    if isinstance(tree, list):
        for each in tree:
            yield from nodes(each)
    elif isinstance(tree, dict):
        for kind, value in tree.items():
            if isinstance(value, dict):
                yield kind, value
            yield from nodes(value)


def _name(function: Node) -> str:
    return str(function["funcname"][-1]["String"]["sval"])


def _tables(tree: Any) -> str:
    return ", ".join(sorted({str(node["relname"]) for _, node in nodes(tree) if "relname" in node}))


def _trigger(wanted: Callable[[Node], Any]) -> Finder:
    return lambda kind, node: str(node["trigname"]) if kind == "CreateTrigStmt" and wanted(node) else None


def _function(wanted: Callable[[str], bool]) -> Finder:
    return lambda kind, node: _name(node) if kind == "FuncCall" and wanted(_name(node)) else None


def _lock(kind: str, node: Node) -> str | None:
    return _tables(node.get("fromClause")) if kind == "SelectStmt" and "lockingClause" in node else None


def _unique(kind: str, node: Node) -> str | None:
    if kind == "IndexStmt" and node.get("unique"):
        return str(node["idxname"])
    unique = kind == "Constraint" and node.get("contype") == "CONSTR_UNIQUE"
    return str(node.get("conname", "without a name")) if unique else None


def _primary(kind: str, node: Node) -> str | None:
    return "every primary key" if kind == "Constraint" and node.get("contype") == "CONSTR_PRIMARY" else None


def _deferrable(kind: str, node: Node) -> str | None:
    return str(node.get("conname")) if kind == "Constraint" and node.get("deferrable") else None


def _replaced(kind: str, node: Node) -> str | None:
    return _name(node) if kind == "CreateFunctionStmt" and node.get("replace") else None


def _insert_select(kind: str, node: Node) -> str | None:
    source = node.get("selectStmt", {}).get("SelectStmt", {}) if kind == "InsertStmt" else {}
    return str(node["relation"]["relname"]) if source.get("targetList") or _has_subquery(source) else None


def _has_subquery(tree: Any) -> bool:
    return any(kind == "SubLink" for kind, _ in nodes(tree))


def _volatile_update(kind: str, node: Node) -> str | None:
    used = kind == "UpdateStmt" and {_name(each) for name, each in nodes(node) if name == "FuncCall"} & VOLATILE
    return str(node["relation"]["relname"]) if used else None


def _modifying_cte(kind: str, node: Node) -> str | None:
    modifies = kind == "CommonTableExpr" and not node["ctequery"].keys() <= {"SelectStmt"}
    return str(node["ctename"]) if modifies else None


def _notification(kind: str, _node: Node) -> str | None:
    return kind if kind in ("ListenStmt", "NotifyStmt") else None


def _column_type(kind: str, node: Node) -> str | None:
    return str(node["name"]) if kind == "AlterTableCmd" and node.get("subtype") == "AT_AlterColumnType" else None


class Lack(NamedTuple):
    """Something that a database lacks or does in another way: since when, according to which source."""

    database: str
    what: str
    source: str
    find: Finder


_ADVISORY = _function(lambda name: "advisory" in name)
_STATEMENT = _trigger(lambda node: not node.get("row") and not node.get("transitionRels"))
_TRANSITION = _trigger(lambda node: node.get("transitionRels"))
_CITUS, _YUGABYTE, _COCKROACH = (
    "https://github.com/citusdata",
    "https://github.com/yugabyte",
    "https://github.com/cockroachdb",
)
_CITUS_LIMITS = "[SQL support](https://docs.citusdata.com/en/stable/develop/reference_workarounds.html)"
LACKS = (
    Lack("Citus", "triggers for each statement on distributed tables", f"[#5705]({_CITUS}/citus/pull/5705)", _STATEMENT),
    Lack("Citus", "transition tables on distributed tables, since those triggers are for each statement", f"[#5705]({_CITUS}/citus/pull/5705)", _TRANSITION),
    Lack("Citus", "triggers for each row on distributed tables, unless `citus.enable_unsafe_triggers` is on (11.0)", f"[#5705]({_CITUS}/citus/pull/5705)", _trigger(lambda node: node.get("row"))),
    Lack("Citus", "unique indexes without the distribution column: change each, or keep its table local", _CITUS_LIMITS, _unique),
    Lack("Citus", "primary keys without the distribution column", _CITUS_LIMITS, _primary),
    Lack("Citus", "`FOR UPDATE` over several shards (11.2)", f"[SQL support 11.2]({_CITUS}/citus_docs/blob/v11.2/develop/reference_workarounds.rst)", _lock),
    Lack("Citus", "subqueries in `INSERT`: some forms only", _CITUS_LIMITS, _insert_select),
    Lack("Citus", "volatile functions in `UPDATE`", _CITUS_LIMITS, _volatile_update),
    Lack("Citus", "modifying CTEs over several shards", "[SQL 7.2](https://docs.citusdata.com/en/v7.2/reference/citus_sql_reference.html)", _modifying_cte),
    Lack("YugabyteDB", "transition tables", f"[#1668]({_YUGABYTE}/yugabyte-db/issues/1668), open", _TRANSITION),
    Lack("YugabyteDB", "advisory locks before 2.25.1, where they are a technical preview", f"[#25659]({_YUGABYTE}/yugabyte-db/pull/25659)", _ADVISORY),
    Lack("YugabyteDB", "deferrable constraints", f"[#1709]({_YUGABYTE}/yugabyte-db/issues/1709)", _deferrable),
    Lack("YugabyteDB", "`LISTEN` and `NOTIFY`", f"[#1872]({_YUGABYTE}/yugabyte-db/issues/1872)", _notification),
    Lack("CockroachDB", "triggers for each statement (24.3 and later have triggers for each row)", f"[#126362]({_COCKROACH}/cockroach/issues/126362)", _STATEMENT),
    Lack("CockroachDB", "transition tables", f"[#135655]({_COCKROACH}/cockroach/issues/135655)", _TRANSITION),
    Lack("CockroachDB", "replacing a function that a trigger uses (24.3)", f"[#134555]({_COCKROACH}/cockroach/issues/134555)", _replaced),
    Lack("CockroachDB", "advisory locks: the functions that exist do nothing, others are missing", f"[#18154]({_COCKROACH}/docs/pull/18154)", _ADVISORY),
    Lack("CockroachDB", "`FOR UPDATE` that certainly lasts until the commit, at its default isolation level (23.2)", f"[#17578]({_COCKROACH}/docs/issues/17578)", _lock),
    Lack("CockroachDB", "changing a column's type in a transaction with other statements", "[ALTER COLUMN](https://www.cockroachlabs.com/docs/stable/alter-table#alter-column)", _column_type),
)  # fmt: skip


def table(statements: Iterable[str]) -> str:
    """Return the table of docs/scaling.md. Raises PGQueryError for a statement that PostgreSQL cannot parse."""
    trees = [parse(each) for each in statements]
    rows = "| database | what it lacks | what needs it | source |\n| --- | --- | --- | --- |\n"
    for lack in LACKS:
        found = sorted({name for tree in trees for kind, node in nodes(tree) if (name := lack.find(kind, node))})
        rows += f"| {lack.database} | {lack.what} | {', '.join(f'`{name}`' for name in found) or 'nothing'} | {lack.source} |\n"
    return rows
