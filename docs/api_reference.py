"""Write the API reference, the generated part of `docs/api.md`, from the OpenAPI document."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
REFERENCE = "#/components/schemas/"
CODE = re.compile(r"`(\w+)`: (.*?)(?= `\w+`: |$)", re.S)
BOUNDS = {
    "maxLength": "at most {} characters",
    "minLength": "at least {} characters",
    "maxItems": "at most {} items",
    "minItems": "at least {} items",
    "maximum": "at most {}",
    "minimum": "at least {}",
}
CALLERS = {
    "anyone": "anyone",
    "user": "a user who is logged in",
    "owner": "the user who owns the resource",
    "service": "another service of yours, with one of `INTERNAL_SERVICE_TOKEN`",
}


def text(document: Json, access: Mapping[str, str]) -> str:
    """Return the API reference as Markdown.

    document: the OpenAPI document.
    access: the permitted callers of each operation, by operation id, as the capability records declare them.
    """
    operations, schemas = list(_operations(document)), document["components"]["schemas"]
    parts = [_overview(document, operations)]
    for tag in document["tags"]:
        parts.append(f"## {tag['name']} endpoints\n\n{tag['description']}\n")
        parts += [_endpoint(*each, access, schemas) for each in operations if tag["name"] in each[2]["tags"]]
    parts.append("## Objects\n\nThe bodies of responses, and the objects inside bodies.\n")
    parts += [_object(name, schemas[name]) for name in sorted(_linked(operations, schemas), key=str.lower)]
    return "\n".join(parts)


def _linked(operations: Iterable[tuple[str, str, Json]], schemas: Json) -> set[str]:
    """Return the names of the schemas that the reference links to: all except request bodies."""
    found: set[str] = set()
    for _, _, operation in operations:
        bodies = [schemas[name] for name in _names(operation.get("requestBody", {}))]
        waiting = _names([operation["responses"], bodies])
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting |= _names(schemas[name])
    return found


def _names(value: object) -> set[str]:
    """Return the names of the schemas that a part of the document refers to."""
    if isinstance(value, Mapping):
        own = {value["$ref"].removeprefix(REFERENCE)} if "$ref" in value else set()
        return own.union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def _overview(document: Json, operations: Iterable[tuple[str, str, Json]]) -> str:
    """List every endpoint with a link to its section."""
    names = [tag["name"] for tag in document["tags"]]
    rows = sorted(operations, key=lambda each: names.index(each[2]["tags"][0]))
    links = (
        [f"[`{method} {path}`](#{anchor(f'{method} {path}')})", _line(operation["summary"])]
        for method, path, operation in rows
    )
    return "## Endpoints\n\n" + _table(["endpoint", "what it does"], links)


def _endpoint(method: str, path: str, operation: Json, access: Mapping[str, str], schemas: Json) -> str:
    who = access[operation["operationId"]]
    parts = [
        f"### {method} {path}\n",
        f"{_description(operation)}\n",
        f"Who may call it: {CALLERS.get(who, f'a user with the permission `{who}`, such as an administrator')}.\n",
    ]
    if parameters := operation.get("parameters"):
        rows = ([f"`{each['name']}`", each["in"], *_cells(each["schema"], each)] for each in parameters)
        parts.append(_table(["parameter", "in", "type", "required", "meaning"], rows))
    if body := operation.get("requestBody"):
        parts += _body(body, schemas)
    parts.append(_table(["status", "body", "meaning"], _responses(operation)))
    return "\n".join(parts)


def _body(body: Json, schemas: Json) -> Iterator[str]:
    """Return the fields of a request body, and an example where it is JSON."""
    (kind, content), *_ = body["content"].items()
    named = _names(content["schema"])
    schema = schemas[named.pop()] if named else content["schema"]
    yield f"Body: `{kind}`{'' if body.get('required') else ', optional'}.\n"
    if description := schema.get("description"):
        yield f"{_paragraphs(description)}\n"
    yield _fields(schema)
    if kind == "application/json" and content.get("example"):
        yield f"```json\n{json.dumps(content['example'], indent=2, ensure_ascii=False)}\n```\n"


def _description(operation: Json) -> str:
    """Return the summary as a sentence, followed by the rest of the description."""
    summary, said = operation["summary"].rstrip("."), str(operation.get("description", ""))
    rest = _paragraphs(said.removeprefix(summary).removeprefix(".").strip())
    return f"{summary}." if not rest else f"{summary}. {rest}"


def _responses(operation: Json) -> Iterator[list[str]]:
    for status, response in sorted(operation["responses"].items()):
        bodies = " or ".join(_type(content["schema"]) for content in response.get("content", {}).values()) or "–"
        codes = dict.fromkeys(CODE.findall(response["description"])) if int(status) >= 400 else None
        said = (
            "<br>".join(f"`{code}`: {_line(detail)}" for code, detail in codes)
            if codes
            else _line(response["description"])
        )
        yield [status, bodies, said]


def _object(name: str, schema: Json) -> str:
    parts = [f"### {name}\n"]
    if description := schema.get("description"):
        parts.append(f"{_paragraphs(description)}\n")
    return "\n".join([*parts, _fields(schema)])


def _fields(schema: Json) -> str:
    required = schema.get("required", [])
    rows = (
        [f"`{field}`", *_cells(each, {"required": field in required})]
        for field, each in schema.get("properties", {}).items()
    )
    return _table(["field", "type", "required", "meaning"], rows)


def _cells(schema: Json, outer: Json) -> list[str]:
    """Return the type, whether it is required, and the meaning with bounds and default."""
    meaning = [_line(str(schema.get("description", "")))]
    for part in (schema, *schema.get("anyOf", ())):
        if "enum" in part:
            meaning.append("One of " + ", ".join(f"`{value}`" for value in part["enum"]) + ".")
        bounds = [words.format(part[name]) for name, words in BOUNDS.items() if name in part]
        if bounds:
            meaning.append(_sentence(", ".join(bounds)))
    if schema.get("default") not in (None, ""):
        default = schema["default"]
        meaning.append(f"Default: `{default if isinstance(default, str) else json.dumps(default)}`.")
    return [_type(schema), "yes" if outer.get("required") else "no", " ".join(filter(None, meaning)) or "–"]


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        return f"[{name}](#{anchor(name)})"
    if parts := schema.get("anyOf"):
        return " or ".join(dict.fromkeys(map(_type, parts)))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    name = str(schema.get("type", "any"))
    shown = f"{name} ({schema['format']})" if "format" in schema else name
    return shown if "const" not in schema else f"`{schema['const']}`"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _paragraphs(words: str) -> str:
    """Return text with one line for each paragraph."""
    return "\n\n".join(_line(paragraph) for paragraph in words.split("\n\n"))


def _line(words: str) -> str:
    """Return text that fits into a cell of a table."""
    return " ".join(words.split()).replace("|", "\\|")


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
