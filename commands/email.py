"""Deliver email in a separate process, requeue failed emails, and test the mail server."""

import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from commands.app import AsJson, app, checked, print_json, print_table


def _command(name: str, old_name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a command, and a hidden alias with the name that it had in 0.1."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        app.command(old_name, hidden=True, deprecated=True)(function)
        return app.command(name)(function)

    return add


@_command("deliver-email", "deliver-mail")
def deliver_email(
    metrics_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Serve Prometheus metrics on this port, without a token."),
    ] = None,
) -> None:
    """Deliver queued emails until stopped.

    Also delivers text messages, webhooks and notices of logouts. You can run any number of
    these processes alongside the service.
    """
    from core import capability
    from delivery import worker
    from operations import startup
    from settings.loading import settings
    from settings.version import VERSION
    from telemetry import metrics, sentry

    deliveries = [each for record in capability.enabled() for each in record.workers()]
    if not deliveries:
        raise SystemExit("There is nothing to deliver. Set SMTP_HOST to the mail server.")
    if not settings.smtp_host:
        print("SMTP_HOST is not set: no emails are delivered.", file=sys.stderr)
    startup.require_files()
    if metrics_port:
        metrics.serve(metrics_port)
    sentry.begin(VERSION)
    preparing = startup.StartupThread()

    def stop(*_: object) -> None:
        preparing.stopping.set()
        worker.stop_all(deliveries)

    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, stop)
    preparing.run()  # waits for the database
    if not preparing.stopping.is_set():
        for delivery in deliveries:
            delivery.start()
        to = f" to {settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else ""
        print(f"Delivering{to}. Ctrl-C stops after the current email.")
        for delivery in deliveries:
            delivery.join()
    sentry.end()


@_command("failed-emails", "failed-mails")
def failed_emails(as_json: AsJson = False) -> None:
    """List emails that could not be delivered.

    For each email, shows the last reply of the mail server.
    """
    import email_utils
    from operations import migrations

    migrations.migrate()
    failed = email_utils.failed()
    if as_json:
        print_json([dict(email._mapping) for email in failed])
        return
    print_table(_failed_row(email) for email in failed)
    print(f"{len(failed)} failed." + (" Try again with: python manage.py requeue-emails" if failed else ""))


def _failed_row(email: Any) -> tuple[Any, ...]:
    return (
        email.id,
        f"{email.gave_up_at:%Y-%m-%d %H:%M}",
        email.template,
        email.recipient,
        f"{email.attempts} attempts",
        email.last_error,
    )


@_command("requeue-emails", "requeue-mails")
def requeue_emails(
    email: Annotated[
        int | None,
        typer.Option(
            "--email", "--mail", help="The number of a single email. By default, all failed emails are requeued."
        ),
    ] = None,
) -> None:
    """Queue failed emails again."""
    import email_utils
    from operations import migrations

    migrations.migrate()
    queued = email_utils.OUTBOX.requeue(email)
    if email is not None and not queued:
        raise SystemExit(f"No failed email has the number {email}. `manage.py failed-emails` lists them.")
    print(f"{queued} emails queued for delivery.")


@app.command()
def send_test_email(recipient: Annotated[str, typer.Argument(metavar="EMAIL", help="Where to send it.")]) -> None:
    """Send a test email.

    It is sent directly to the configured mail server. If the server rejects it, its reply is printed.
    """
    import email_utils
    import schemas
    from delivery import holds, leases, smtp
    from operations import startup
    from settings.loading import settings

    recipient = checked(schemas.NewEmail, recipient, "EMAIL")
    if not settings.smtp_host:
        raise SystemExit("SMTP_HOST is not set. In development, emails appear at /dev/mailbox.")
    startup.require_files()
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        email_utils.send_test(recipient)
    except (holds.ServerProblem, leases.Undeliverable, smtp.Refused) as problem:
        raise SystemExit(f"{server} did not accept the email: {problem}") from None
    print(f"{server} accepted the email to {recipient}.")
