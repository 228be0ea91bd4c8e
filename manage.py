"""The command line: python manage.py --help."""

import sqlalchemy.exc
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from commands import email, keys, service, users  # noqa: F401 - each adds its commands
from commands.app import app


def run(*arguments: str) -> None:
    """One command, by default that of the command line. Ends with what is wrong in one line where something is."""
    import errors

    try:
        app(arguments or None, standalone_mode=not arguments)
    except sqlalchemy.exc.OperationalError as error:
        raise SystemExit(f"DATABASE_URL: the database is out of reach: {error.orig}") from None
    except errors.ServiceError as refusal:
        raise SystemExit("\n".join([refusal.detail, *(e["message"] for e in refusal.errors or [])])) from None
    except ValidationError as invalid:
        raise SystemExit("\n".join(f"{_option(e)} {errors.message(e)}." for e in invalid.errors())) from None
    except OSError as error:
        raise SystemExit(f"{error.filename or 'The system'}: {error.strerror or error}") from None


def _option(error: ErrorDetails) -> str:
    """What a value was given for. A value that stands alone is the only one that was."""
    return f"--{error['loc'][0]}" if error["loc"] else "It"


if __name__ == "__main__":
    run()
