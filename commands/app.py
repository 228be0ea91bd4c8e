"""The Typer application that every command is added to, and the functions that the commands share."""

import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from typer.core import TyperCommand

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command that logs in the format of the service, except `init`, which runs before settings exist."""

    def invoke(self, ctx: Any) -> Any:
        if self.name != "init":
            from telemetry import logs

            logs.set_up()
        return super().invoke(ctx)


class Application(typer.Typer):
    """A Typer application whose commands are instances of `Command`."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        return super().command(name, cls=Command, **options)


app = Application(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Manage a Credential Management Service: its settings, database, users, keys and email.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        from settings.version import VERSION

        print(VERSION)
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Handle the options that precede a command."""


def checked(kind: Any, value: Any, name: str) -> Any:
    """Return a value of this type. An invalid one ends the command with one line.

    name: the argument or option, as the line begins.
    """
    from core import field_errors

    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as invalid:
        raise SystemExit("\n".join(f"{name} {field_errors.message(e)}." for e in invalid.errors())) from None


def print_json(value: Any) -> None:
    """Print a value as JSON. Times are in ISO 8601 format."""
    from fastapi.encoders import jsonable_encoder

    print(json.dumps(jsonable_encoder(value), ensure_ascii=False, indent=2))


def print_table(rows: Iterable[Iterable[Any]]) -> None:
    """Print rows with aligned columns."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
