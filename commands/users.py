"""Manage users: create, list, change roles and passwords, log out, disable and delete."""

import sys
from typing import Annotated

import typer

from commands.app import AsJson, app, checked, print_json, print_table

Name = Annotated[str, typer.Argument(metavar="USER", help="The email address or the user_id of an account.")]
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The email address of the account.")]
Username = Annotated[
    str | None, typer.Option(help="The display name. By default the part of the email address before the @.")
]


def _new_password(email: str, username: str) -> str:
    """Return the hash of a password that is prompted for twice at a terminal, or read from standard input."""
    import schemas
    from credentials import password_policy, passwords

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    password = checked(schemas.Password, password, "The password")
    password_policy.check(password, email, username)
    return passwords.hash(password)


@app.command()
def create_superuser(email: Email, username: Username = None) -> None:
    """Create a superuser, or promote an account.

    Asks for a password, or reads it from standard input. An account whose owner has
    verified this email address keeps its password.
    """
    import database
    import schemas
    from accounts import cli_operations
    from operations import migrations
    from settings.loading import settings

    migrations.migrate()
    email = checked(schemas.NewEmail, email, "EMAIL")
    username = checked(schemas.Username | None, username, "--username")
    known = cli_operations.candidate(email)
    keeps = known is not None and known.is_verified_by_owner
    hashed = None if keeps else _new_password(email, username or schemas.display_name_for(email))
    with database.transaction() as db:
        if known is None:
            new = cli_operations.NewAccount(email, username, hashed, ["superuser", "user"], verified=True)
            cli_operations.create(db, new)
            how = ""
        elif cli_operations.promote(db, known.id, hashed):
            how = (
                " It has the new password. The email address was not verified, so its sessions, links and linked "
                "providers were removed."
            )
        else:
            how = " It keeps its password."
    print(f"{email} is now a superuser.{how}")
    if settings.hosted_pages:
        print(f"Administration console: {settings.public_base_url}/login?next=/admin/console")


@app.command()
def create_user(
    email: Email,
    username: Username = None,
    role: Annotated[
        list[str] | None, typer.Option(help="A role of the account. Repeat the option for several roles.")
    ] = None,
    verified: Annotated[bool, typer.Option("--verified", help="Mark the email address as verified.")] = False,
    invite: Annotated[
        bool, typer.Option("--invite", help="Send an invitation to choose a password instead of setting one.")
    ] = False,
) -> None:
    """Create an account. Asks for its password, or reads it from standard input."""
    import database
    import schemas
    from accounts import cli_operations
    from operations import migrations

    if invite and verified:
        raise SystemExit("--invite and --verified cannot be combined: the invitation verifies the email address.")
    migrations.migrate()
    _require_known(role or [])
    email = checked(schemas.NewEmail, email, "EMAIL")
    username = checked(schemas.Username | None, username, "--username")
    hashed = None if invite else _new_password(email, username or schemas.display_name_for(email))
    with database.transaction() as db:
        made = cli_operations.create(
            db, cli_operations.NewAccount(email, username, hashed, ["user", *(role or [])], verified)
        )
    print(f"Created {made.user_id} for {email}.{' The invitation will be sent by email.' if invite else ''}")


@app.command()
def delete_user(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete an account with all personal data.

    This cannot be undone. The last active superuser cannot be deleted.
    """
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    if not yes:
        typer.confirm(f"Delete {known.email} ({known.user_id}) and all of its data?", abort=True)
    with database.transaction() as db:
        cli_operations.delete(db, known.id)
    print(f"Deleted {known.email}.")


def _require_known(names: list[str]) -> None:
    from authorization import roles

    known = roles.catalogue()
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"There is no role {unknown[0]}. The roles are: {', '.join(sorted(known))}.")


@app.command()
def set_role(
    name: Name,
    roles: Annotated[list[str], typer.Argument(metavar="ROLE...", help="All roles of the account.")],
    force: Annotated[
        bool, typer.Option("--force", help="Grant permissions even if the email address is not verified.")
    ] = False,
) -> None:
    """Replace the roles of an account.

    List all roles of the account, such as `user admin`. The last active superuser cannot be demoted.
    An account whose email address is not verified gets no permissions without --force.
    """
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    _require_known(roles)
    known = cli_operations.find(name)
    with database.transaction() as db:
        changed = cli_operations.set_roles(db, known.id, list(dict.fromkeys(roles)), force=force)
    print(f"{known.email} has the roles {', '.join(changed.roles)}.")


@app.command()
def set_password(name: Name) -> None:
    """Set the password of an account. Asks for it, or reads it from standard input.

    Revokes its sessions and links, and notifies the owner by email. If the email address is
    not verified, linked providers are removed.
    """
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    hashed = _new_password(known.email, known.username)
    with database.transaction() as db:
        cli_operations.set_password(db, known.id, hashed)
    print(f"{known.email} has a new password.")


@app.command()
def logout_user(name: Name) -> None:
    """Log an account out on every device."""
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    with database.transaction() as db:
        cli_operations.log_out(db, known.id)
    print(f"{known.email} is logged out everywhere.")


@app.command()
def disable_user(name: Name) -> None:
    """Disable an account.

    Revokes its sessions and links, and rejects logins. The last active superuser cannot be disabled.
    """
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    with database.transaction() as db:
        was_active = cli_operations.disable(db, known.id)
    print(f"{known.email} {'is' if was_active else 'was already'} disabled.")


@app.command()
def enable_user(name: Name) -> None:
    """Enable a disabled account."""
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    with database.transaction() as db:
        was_disabled = cli_operations.enable(db, known.id)
    print(f"{known.email} {'is' if was_disabled else 'was already'} enabled.")


@app.command()
def reset_factors(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove all second factors of an account.

    Recovery codes and trusted devices are removed too, all sessions end, and the owner is
    notified by email. For a user who has lost all factors: identify the person first.
    """
    import database
    from accounts import cli_operations
    from factors import management
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Remove all second factors of {known.email} ({known.user_id})?", abort=True)
    with database.transaction() as db:
        had_any = management.reset_by_operator(db, known.id)
    print(f"Removed all second factors of {known.email}." if had_any else f"{known.email} has no second factors.")


@app.command()
def list_users(
    query: Annotated[
        str | None, typer.Option(help="Show accounts whose email address, username or user_id begins with this.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="Show accounts that have this role.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="The maximum number of accounts to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List accounts, newest first."""
    import schemas_admin
    from accounts import user_queries
    from operations import migrations

    migrations.migrate()
    found = user_queries.search(schemas_admin.UserFilters(query=query, role=role, limit=limit))
    if as_json:
        print_json(found)
        return
    print_table(
        (
            user.user_id,
            user.email,
            user.username,
            "active" if user.is_active else "disabled",
            "verified" if user.is_verified else "not verified",
            ", ".join(user.roles),
        )
        for user in found.items
    )
    print(f"{len(found.items)} of {found.total} accounts.")
