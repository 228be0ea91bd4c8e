"""Resolve host names that users, clients or administrators entered.

A lookup cannot be canceled, and takes up to half a minute if the name servers do not respond. Each lookup therefore has
its own thread. In the thread pool of the event loop, a few of these lookups would delay requests to all other hosts.
"""

import asyncio
import concurrent.futures
import os
import socket
import threading

MAX_LOOKUPS = 64
MAX_LOOKUPS_OF_DELIVERIES = 128  # more, because anyone can make a request look up names that do not resolve


class LookupOverdue(OSError):
    """A host name whose lookup has already taken longer than a request could wait."""


class TooManyLookups(OSError):
    """A host name that is not looked up, because too many lookups are outstanding."""


class _Lookup(concurrent.futures.Future[tuple[str, ...]]):
    is_overdue = False


_outstanding: dict[str, _Lookup] = {}  # by host name
_lock = threading.Lock()
os.register_at_fork(after_in_child=_outstanding.clear)  # their threads are not in the child


async def resolve(host: str, *, max_lookups: int) -> tuple[str, ...]:
    """Return the IP addresses of a host. Concurrent calls for the same host share one lookup.

    max_lookups: how many lookups may be outstanding, including the one of this host.

    Raises LookupOverdue and TooManyLookups at once, socket.gaierror, and UnicodeError for an invalid host name.
    """
    lookup = _lookup(host, max_lookups)
    try:
        return await asyncio.wrap_future(lookup)
    except asyncio.CancelledError:  # at the deadline of the request
        lookup.is_overdue = True
        raise


def _lookup(host: str, max_lookups: int) -> _Lookup:
    with _lock:
        if lookup := _outstanding.get(host):
            if lookup.is_overdue:
                raise LookupOverdue(host)
            return lookup
        if len(_outstanding) >= max_lookups:
            raise TooManyLookups(host)
        lookup = _Lookup()
        lookup.set_running_or_notify_cancel()  # so that a canceled request does not cancel it for the others
        try:
            threading.Thread(target=_run, args=[host, lookup], name="name_resolution", daemon=True).start()
        except RuntimeError:  # the system allows no more threads
            raise TooManyLookups(host) from None
        _outstanding[host] = lookup  # which the thread removes, and waits for the lock to do so
        return lookup


def _run(host: str, lookup: _Lookup) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except Exception as error:
        _end(host)
        lookup.set_exception(error)
    else:
        _end(host)
        lookup.set_result(tuple(str(entry[4][0]) for entry in found))


def _end(host: str) -> None:
    with _lock:
        del _outstanding[host]
