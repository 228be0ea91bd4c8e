"""Ids of requests that bring none."""

import os

from web import middleware


def new_id():
    return middleware._request_id({"headers": []})


def test_forked_workers_make_different_ids():
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100).decode() != new_id()
