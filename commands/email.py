"""Deliver email in a process of its own, and requeue what could not be delivered."""

import signal
from typing import Annotated

import typer

from commands.app import app


@app.command()
def deliver_mail(
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Answer Prometheus on this port, with no token.")
    ] = None,
) -> None:
    """Deliver mails until stopped, in a process of its own. Any number of them may run beside the service."""
    import email_utils
    from operations import startup
    from settings.loading import settings
    from settings.version import VERSION
    from telemetry import metrics, sentry

    if not settings.smtp_host:
        raise SystemExit("SMTP_HOST: is not set; there is no mail server to deliver to")
    if metrics_port:
        metrics.serve(metrics_port)
    sentry.begin(VERSION)
    preparing, delivery = startup.StartupThread(), email_utils.worker()

    def end(*_: object) -> None:
        preparing.stopping.set()
        if delivery.is_alive():
            delivery.stop()

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, end)
    preparing.run()  # waits for the database
    if not preparing.stopping.is_set():
        delivery.start()
        print(f"Delivering to {settings.smtp_host}:{settings.smtp_port}. Ctrl-C ends it after the mail at hand.")
        delivery.join()
    sentry.end()


@app.command()
def failed_mails() -> None:
    """List the mails that were given up, with the mail server's last word."""
    import email_utils
    from operations import migrations

    migrations.migrate()
    mails = email_utils.failed()
    for mail in mails:
        print(
            f"{mail.id}  {mail.gave_up_at:%Y-%m-%d %H:%M}  {mail.template}  {mail.recipient}  {mail.attempts} tries  "
            f"{mail.last_error}"
        )
    print(f"{len(mails)} given up." + (" Try again with: python manage.py requeue-mails" if mails else ""))


@app.command()
def requeue_mails(
    mail: Annotated[
        int | None, typer.Option(help="One mail by its number; without it, all that were given up.")
    ] = None,
) -> None:
    """Try mails that were given up again."""
    import email_utils
    from operations import migrations

    migrations.migrate()
    print(f"{email_utils.OUTBOX.requeue(mail)} mails wait for delivery again.")
