"""Render the pages of imports."""

from fastapi import Request, Response

from console import imports
from console.capability import UPLOAD_BYTES
from console.rendering import form, show
from sessions.current_user import Current
from user_import import presets


def listed(request: Request, who: Current) -> Response:
    """Show the form to upload a file, and the newest imports."""
    runs = [(run, imports.state(run)) for run in imports.recent()]
    return show(
        request,
        who,
        "imports",
        "import",
        runs=runs,
        systems=sorted(presets.PRESETS),
        megabytes=UPLOAD_BYTES // 1024**2,
        suffixes=imports.SUFFIXES,
    )


def one(request: Request, who: Current) -> Response:
    """Show the progress or the report of an import. Raises NotFound."""
    run = imports.one(str(request.path_params["import_id"]))
    state = imports.state(run)
    return show(
        request,
        who,
        "import",
        "import",
        run=run,
        state=state,
        percent=min(100, round(100 * run.bytes_read / run.bytes_total)) if run.bytes_total else 100,
        can_continue=imports.can_continue(run),
        most_lines=imports.MAX_LINES,
    )


form("/import", listed)
form("/import/{import_id}", one)
