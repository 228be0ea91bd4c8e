"""The command line of the service: `python manage.py --help`."""

import sqlalchemy.exc
from pydantic import ValidationError

from commands import email, keys, previews, service, user_transfer, users  # noqa: F401 - each adds its commands
from commands.app import app


def run(*arguments: str) -> None:
    """Run a command, by default from the command line. An error ends it with one line that says what to do."""
    import database_errors
    import errors
    from core import field_errors

    try:
        app(arguments or None, standalone_mode=not arguments)
    except database_errors.UnusableDatabase as unusable:
        raise SystemExit(str(unusable)) from None
    except sqlalchemy.exc.OperationalError as error:
        advice = database_errors.advice(error) or f"cannot reach the database: {error.orig}"
        raise SystemExit(f"DATABASE_URL: {advice}") from None
    except sqlalchemy.exc.DBAPIError as error:
        if database_errors.meaning(error) == "bug":
            raise
        advice = database_errors.advice(error) or "the database is unavailable"
        raise SystemExit(f"DATABASE_URL: {advice} ({database_errors.line(error)})") from None
    except errors.ServiceError as refused:
        raise SystemExit(
            "\n".join([refused.detail, *(f"{e.field} {e.message}." for e in refused.errors or [])])
        ) from None
    except ValidationError as invalid:
        raise SystemExit("\n".join(f"--{e['loc'][0]} {field_errors.message(e)}." for e in invalid.errors())) from None
    except OSError as error:
        raise SystemExit(f"{error.filename or 'The operating system'}: {error.strerror or error}") from None


if __name__ == "__main__":
    run()
