"""Rotate signing keys, and make the client secret that Apple asks for."""

import time
from pathlib import Path
from typing import Annotated

import typer

from commands.app import app


@app.command()
def rotate_keys() -> None:
    """Sign access tokens with the next key from now on. Nobody is signed out, and nothing needs a restart."""
    import database
    from operations import startup
    from sessions import access_tokens
    from settings.loading import settings

    if settings.algorithm == "HS256":
        raise SystemExit("HS256 signs with JWT_SECRET: set a new one, and the old one as JWT_SECRET_PREVIOUS")
    startup.prepare()
    kid = None
    while kid is None:  # the next key has only just been published: not everybody knows it yet
        with database.transaction() as db:
            kid = access_tokens.rotate(db)
        time.sleep(0 if kid else 0.5)
    print(f"Access tokens are signed with the key {kid} from now on.")


@app.command()
def apple_client_secret(
    team_id: Annotated[str, typer.Option(help="The team's id, from the console's membership page.")],
    key_id: Annotated[str, typer.Option(help="The key's id.")],
    client_id: Annotated[str, typer.Option(help="The services id, which is APPLE_CLIENT_ID too.")],
    key_file: Annotated[
        Path, typer.Option(help="The .p8 file that the console gave out once.", exists=True, dir_okay=False)
    ],
) -> None:
    """Print an APPLE_CLIENT_SECRET. It lives for 180 days: Apple allows no more, so put a reminder into a calendar."""
    from oauth_login import id_tokens

    try:
        print(id_tokens.apple_client_secret(team_id, key_id, client_id, key_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise SystemExit(f"{key_file}: is not a private key as Apple gives them (an EC key in PEM)") from None
