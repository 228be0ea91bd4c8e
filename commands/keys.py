"""Rotate signing keys, and generate the client secret that Apple requires."""

import time
from pathlib import Path
from typing import Annotated

import typer

from commands.app import app

UNREADABLE = (
    "JWT_SECRET cannot decrypt the signing keys in the database. Set the secret of the running service, and the one "
    "before it as JWT_SECRET_PREVIOUS. If it is lost, restart the service, which then creates new keys."
)


@app.command()
def rotate_keys() -> None:
    """Sign access tokens with a new key from now on. No users are logged out, and no restart is needed."""
    import database
    from operations import migrations, startup
    from sessions import signing_keys
    from settings.loading import settings

    if settings.algorithm == "HS256":
        raise SystemExit(
            "ALGORITHM=HS256 signs with JWT_SECRET: set a new one, and the old one as JWT_SECRET_PREVIOUS."
        )
    migrations.migrate()
    with database.transaction() as db:
        if not signing_keys.are_readable(db):  # a start would replace them
            raise SystemExit(UNREADABLE)
    startup.prepare()
    kid = None
    while kid is None:  # the next key was just published, and other processes have not read it yet
        with database.transaction() as db:
            kid = signing_keys.rotate(db)
        time.sleep(0 if kid else 0.5)
    print(f"Access tokens are now signed with the key {kid}.")


@app.command()
def apple_client_secret(
    team_id: Annotated[str, typer.Option(help="Your team ID, from the membership page of Apple's developer console.")],
    key_id: Annotated[str, typer.Option(help="The id of the key.")],
    client_id: Annotated[str, typer.Option(help="The Services ID, which is also APPLE_CLIENT_ID.")],
    key_file: Annotated[
        Path, typer.Option(help="The .p8 file that you downloaded from the console.", exists=True, dir_okay=False)
    ],
) -> None:
    """Print an APPLE_CLIENT_SECRET. It is valid for 180 days, the most that Apple allows: renew it before then."""
    from oauth_login import id_tokens

    try:
        print(id_tokens.apple_client_secret(team_id, key_id, client_id, key_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise SystemExit(f"{key_file}: is not a private key from Apple (an EC key in PEM format).") from None
