"""Let only administrators see that the console exists, and require permissions and a second factor.

An administrator is a user with any permission. Everyone else gets 404, also without a session: only a browser in which
an administrator has used the console before is redirected to the login.
"""

from typing import Annotated, Any

from fastapi import Depends, Request

import errors
from core import thread_pools
from sessions import current_user
from sessions.current_user import Current, MaybeCurrentUser
from web import cookies

MARK = "console"  # the cookie of a browser in which an administrator has used the console
ADMITTED = "administrator"  # in the state of a request: the administrator


def _identify(request: Request, who: Current | None) -> Current:
    if cookies.prefix_of(request):
        raise errors.NotFound()
    if who is None:
        raise errors.NotAuthenticated() if cookies.mark_of(request, MARK) else errors.NotFound()
    if who.impersonator_id or not who.permissions:
        raise errors.NotFound()
    request.scope["state"][ADMITTED] = who
    if who.must_enroll:
        raise errors.MfaEnrolmentRequired()
    return who


def admitted(request: Request) -> Current | None:
    """Return the administrator of a request, or None if it comes from anyone else."""
    found: Current | None = request.scope["state"].get(ADMITTED)
    return found


async def _stepping_up(request: Request, who: MaybeCurrentUser) -> Current:
    return await thread_pools.run_in_request_pool(_identify, request, who)


# For the page on which an administrator confirms their identity with a second factor.
SteppingUp = Annotated[Current, Depends(_stepping_up)]


async def _administrator(who: SteppingUp) -> Current:
    current_user.require_second_factor(who)
    return who


Administrator = Annotated[Current, Depends(_administrator)]


def requires(permission: str) -> Any:
    """Return a route dependency that requires a permission.

    Raises NotFound for anyone without permissions, and what `current_user.require_permission` raises.
    """

    async def check(who: Administrator) -> None:
        await thread_pools.run_in_request_pool(current_user.require_permission, who, permission)

    return Depends(check)
