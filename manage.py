"""The command line: python manage.py --help."""

import secrets
import signal
import time
from pathlib import Path
from typing import Annotated

import sqlalchemy.exc
import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Looks after a Credential Management Service.",
)


@app.command()
def init(example: Path = Path(".env.example"), target: Path = Path(".env")) -> None:
    """Make a .env from .env.example, with a fresh secret. One that is there stays as it is."""
    if target.exists():
        print(f"{target} is there already and stays as it is.")
        return
    text = example.read_text(encoding="utf-8").replace("\nJWT_SECRET=\n", f"\nJWT_SECRET={secrets.token_urlsafe(48)}\n")
    target.touch(mode=0o600)
    target.write_text(text, encoding="utf-8")
    print(f"{target} made from {example}, with a fresh JWT_SECRET.")


@app.command()
def migrate() -> None:
    """Bring the database up to date and make the superuser, as each start does."""
    import main

    main.prepare()
    print("The database is up to date.")


@app.command()
def rotate_keys() -> None:
    """Sign access tokens with the next key from now on. Nobody is signed out, and nothing needs a restart."""
    import access_tokens
    import database
    import main
    from settings import settings

    if settings.algorithm == "HS256":
        raise SystemExit("HS256 signs with JWT_SECRET: set a new one, and the old one as JWT_SECRET_PREVIOUS")
    main.prepare()
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
    import id_tokens

    try:
        print(id_tokens.apple_client_secret(team_id, key_id, client_id, key_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise SystemExit(f"{key_file}: is not a private key as Apple gives them (an EC key in PEM)") from None


@app.command()
def deliver_mail() -> None:
    """Deliver mails until stopped, in a process of its own. Any number of them may run beside the service."""
    import email_utils
    import main
    from settings import settings

    if not settings.smtp_host:
        raise SystemExit("SMTP_HOST: is not set; there is no mail server to deliver to")
    main.prepare()
    delivery = email_utils.Delivery()
    delivery.start()
    print(f"Delivering to {settings.smtp_host}:{settings.smtp_port}. Ctrl-C ends it after the mail at hand.")
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: delivery.stop())
    delivery.join()


@app.command()
def failed_mails() -> None:
    """List the mails that were given up, with the mail server's last word."""
    import database
    import email_utils

    database.migrate()
    mails = email_utils.failed()
    for mail in mails:
        print(
            f"{mail.id}  {mail.gave_up_at:%Y-%m-%d %H:%M}  {mail.template}  {mail.recipient}  {mail.attempts} tries  {mail.last_error}"
        )
    print(f"{len(mails)} given up." + (" Try again with: python manage.py requeue-mails" if mails else ""))


@app.command()
def requeue_mails(
    mail: Annotated[
        int | None, typer.Option(help="One mail by its number; without it, all that were given up.")
    ] = None,
) -> None:
    """Try mails that were given up again."""
    import database
    import email_utils

    database.migrate()
    print(f"{email_utils.requeue(mail)} mails wait for delivery again.")


if __name__ == "__main__":
    try:
        app()
    except sqlalchemy.exc.OperationalError as error:
        raise SystemExit(f"DATABASE_URL: the database is out of reach: {error.orig}") from None
