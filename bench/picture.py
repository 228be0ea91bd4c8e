"""Draw the chart of the targets: a bar for each, longer is better, with a line at the target."""

from html import escape
from typing import Any

ROW, LEFT, WIDTH, FULL = 26, 400, 860, 1.6


def drawn(targets: list[dict[str, Any]]) -> str:
    """Return an SVG that is readable on light and dark backgrounds."""
    height = ROW * len(targets) + 60
    rows = "\n".join(_row(number, target) for number, target in enumerate(targets))
    line = LEFT + (WIDTH - LEFT - 70) / FULL
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Each target of the benchmark, and how far beyond it the service is" font-family="system-ui, sans-serif" font-size="13">
<style>text {{ fill: #24292f }} .bar {{ fill: #2f6feb }} .missed {{ fill: #d1242f }} .line {{ stroke: #57606a }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .bar {{ fill: #6ea8fe }} .missed {{ fill: #ff7b72 }} .line {{ stroke: #9198a1 }} }}</style>
<line class="line" x1="{line:.0f}" x2="{line:.0f}" y1="24" y2="{height - 30}" stroke-dasharray="3 3"/>
<text x="{line:.0f}" y="16" text-anchor="middle">target</text>
{rows}
<text x="{LEFT}" y="{height - 10}">longer is better; measured against limits of the same machine in the same run</text>
</svg>
"""


def _row(number: int, target: dict[str, Any]) -> str:
    ratio, bound = target["ratio"], target["bound"]
    beyond = bound / ratio if target["at_most"] else ratio / bound
    length, y = min(beyond, FULL) * (WIDTH - LEFT - 70) / FULL, 30 + number * ROW
    sign = "≤" if target["at_most"] else "≥"
    return (
        f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(target["what"])}</text>'
        f'<rect class="{"bar" if target["reached"] else "missed"}" x="{LEFT}" y="{y}" width="{length:.0f}" height="18" rx="3"/>'
        f'<text x="{LEFT + length + 8:.0f}" y="{y + 14}">{ratio:.2f} ({sign} {bound:g})</text>'
    )
