#!/usr/bin/env python3
"""Generate the Postman collection and its environment from the OpenAPI document and `story.py`: `make clients`."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]

import generate  # noqa: E402
from story import ENVIRONMENT, FOLDERS, SELDOM, Call  # noqa: E402

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
INTRODUCTION = "Every call of the service, in an order that passes from top to bottom. See README.md beside this file."


class Document:
    """Return the operations of the OpenAPI document, by operation id."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def demanded(self, answer: dict[str, Any]) -> list[str]:
        """Return the fields that this response always has."""
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        return list(self._schemas.get(schema.get("$ref", "").rpartition("/")[2], {}).get("required", []))


def collection(document: Document) -> dict[str, Any]:
    """Return the collection. Raises KeyError if a request in `story.py` is not in the document."""
    told = {call.operation for calls in FOLDERS.values() for call in calls}
    if missing := document.operations.keys() - told:
        raise SystemExit(f"postman/story.py: no call of {', '.join(sorted(missing))}")
    return {
        "info": {"name": "Credential Management Service", "description": INTRODUCTION, "schema": SCHEMA},
        "item": [{"name": name, "item": [_item(document, call) for call in calls]} for name, calls in FOLDERS.items()],
        "variable": [{"key": name, "value": ""} for name in sorted(_variables())],
    }


def environment() -> dict[str, Any]:
    values = [{"key": key, "value": value, "enabled": True} for key, value in ENVIRONMENT.items()]
    return {
        "name": "Credential Management Service on this machine",
        "values": values,
        "_postman_variable_scope": "environment",
    }


def _variables() -> set[str]:
    used = {name for calls in FOLDERS.values() for call in calls for name in re.findall(r"\{\{(\w+)\}\}", str(call))}
    return (used | {"access_token", "superuser_token"}) - ENVIRONMENT.keys()


def _item(document: Document, call: Call) -> dict[str, Any]:
    method, path, operation = document.operations[call.operation]
    url = _url(path, operation, call)
    request = {
        "method": method.upper(),
        "header": [],
        "url": url,
        "auth": _auth(operation, call),
        "description": operation.get("description", ""),
    } | _body(operation, call)
    return {
        "name": call.name or operation["summary"],
        "protocolProfileBehavior": {"followRedirects": False},
        "event": [*_event("prerequest", call.before), *_event("test", _tests(document, operation, call))],
        "request": request,
        "response": list(_answers(operation, request)),
    }


def _url(path: str, operation: dict[str, Any], call: Call) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    parts = [re.sub(r"^\{(\w+)\}$", r":\1", part) for part in path.strip("/").split("/")]
    query = [
        {
            "key": parameter["name"],
            "value": call.query.get(parameter["name"], str(_example(parameter))),
            "description": parameter.get("description", ""),
            "disabled": parameter["name"] not in call.query,
        }
        for parameter in parameters
        if parameter["in"] == "query"
    ]
    variable = [
        {"key": parameter["name"], "value": call.path[parameter["name"]]}
        for parameter in parameters
        if parameter["in"] == "path"
    ]
    raw = (
        "{{base_url}}/"
        + "/".join(parts)
        + ("?" + "&".join(f"{key}={value}" for key, value in call.query.items()) if call.query else "")
    )
    return {"raw": raw, "host": ["{{base_url}}"], "path": parts, "query": query, "variable": variable}


def _example(parameter: dict[str, Any]) -> Any:
    schema = parameter.get("schema", {})
    examples = [parameter.get("example"), *schema.get("examples", []), schema.get("default")]
    return next((example for example in examples if example is not None), "")


def _auth(operation: dict[str, Any], call: Call) -> dict[str, Any]:
    schemes = {name for scheme in operation.get("security", []) for name in scheme}
    if "ServiceToken" in schemes:
        return _bearer("service_token")
    return _bearer(call.token) if "Bearer" in schemes else {"type": "noauth"}


def _bearer(variable: str) -> dict[str, Any]:
    return {"type": "bearer", "bearer": [{"key": "token", "value": f"{{{{{variable}}}}}", "type": "string"}]}


def _body(operation: dict[str, Any], call: Call) -> dict[str, Any]:
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        values = {
            key: value
            for key, value in {**(content.get("example") or {}), **(call.body or {})}.items()
            if value is not None and (key not in SELDOM or key in (call.body or {}))
        }
        if media == "application/json":
            return {
                "body": {"mode": "raw", "raw": json.dumps(values, indent=2), "options": {"raw": {"language": "json"}}}
            }
        return {
            "body": {
                "mode": "urlencoded",
                "urlencoded": [{"key": key, "value": value} for key, value in values.items()],
            }
        }
    return {}


def _tests(document: Document, operation: dict[str, Any], call: Call) -> str:
    statuses = call.status if isinstance(call.status, tuple) else (call.status,)
    wanted = " or ".join(map(str, statuses))
    lines = [f'pm.test("answers {wanted}", () => pm.expect(pm.response.code).to.be.oneOf({list(statuses)}));']
    if len(statuses) == 1 and (fields := document.demanded(operation["responses"].get(str(statuses[0]), {}))):
        keys = ", ".join(f'"{name}"' for name in fields)
        lines.append(f'pm.test("with its fields", () => pm.expect(pm.response.json()).to.include.all.keys({keys}));')
    return "\n".join([*lines, *([call.after] if call.after else [])])


def _event(listen: str, script: str) -> list[dict[str, Any]]:
    return [{"listen": listen, "script": {"type": "text/javascript", "exec": script.splitlines()}}] if script else []


def _answers(operation: dict[str, Any], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the examples of successful responses."""
    for status, answer in operation["responses"].items():
        example = answer.get("content", {}).get("application/json", {}).get("example")
        if status.startswith("2") and example is not None:
            yield {
                "name": answer["description"],
                "originalRequest": {
                    name: request[name] for name in ("method", "header", "url", "body") if name in request
                },
                "code": int(status),
                "_postman_previewlanguage": "json",
                "header": [{"key": "Content-Type", "value": "application/json"}],
                "body": json.dumps(example, indent=2, ensure_ascii=False),
            }


def write(target: Path = HERE) -> None:
    """Write both files to the folder `target`."""
    for name, content in (("collection", collection(Document(generate.document()))), ("environment", environment())):
        text = json.dumps(content, indent=2, ensure_ascii=False)
        (target / f"postman_{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
