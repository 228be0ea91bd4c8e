"""Serve a constant with the bare framework and its usual imports, as the baseline of the benchmark."""

import sqlalchemy.orm  # noqa: F401
from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

ANSWER = {
    "id": 1,
    "user_id": "019aa5d2-0000-7000-8000-000000000000",
    "email": "alice@example.com",
    "username": "Alice",
    "is_active": True,
    "is_verified": True,
    "roles": ["user"],
}


@app.get("/constant")
def constant() -> dict[str, object]:
    return ANSWER


@app.get("/constant/without-a-thread")
async def without_a_thread() -> dict[str, object]:
    return ANSWER
