"""What `benchmarks.peers` has measured as a drawing: three panels in SVG, for a light page and a dark one.

Lengths are proportional to their figures, each panel's to its own longest; every bar has its figure written beside it.
"""

from typing import Any
from xml.sax.saxutils import escape

PANELS = {
    "first_event_ms": "First event, ms (less is better)",
    "events_per_second": "Events/s to one client (more is better)",
    "runs_per_second": "Six-node runs/s by 16 clients (more is better)",
}
"""What is drawn of a server, in this order."""

WIDTH, MARGIN, NAMES, BARS = 720, 24, 176, 400
ROW, BAR = 24, 14
TOP, HEAD, GAP = 56, 26, 20
"""In units of the drawing, which are pixels at its own size."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.panel { font-weight: 600; }
.about, .none { fill: #59636e; }
.page { fill: #ffffff; }
.axis { stroke: #818b98; }
.ours { fill: #15803d; }
.theirs { fill: #818b98; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .about, .none { fill: #9198a1; }
  .page { fill: #0d1117; }
  .ours { fill: #4ade80; }
  .theirs { fill: #818b98; }
}
"""


def drawing(machine: str, servers: dict[str, Any]) -> str:
    """The figures as one SVG. `machine`, `servers`: as `peers.json` has them; one with an `error` is said to have none."""
    rows = len(servers) * ROW
    height = TOP + len(PANELS) * (HEAD + rows + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="title about">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>',
        f'<text id="title" class="title" x="{MARGIN}" y="28">Beside peers, by the same client</text>',
        f'<text id="about" class="about" x="{MARGIN}" y="46">{escape(machine)}</text>',
    ]
    top = TOP
    for figure, heading in PANELS.items():
        lines += _panel(figure, heading, servers, top)
        top += HEAD + rows + GAP
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(figure: str, heading: str, servers: dict[str, Any], top: int) -> list[str]:
    """A bar for each server. `top`: where the panel begins."""
    found = [row[figure] for row in servers.values() if figure in row]
    longest = max(found, default=0) or 1
    left, first = MARGIN + NAMES, top + HEAD
    bottom = first + len(servers) * ROW
    lines = [f'<g><text class="panel" x="{MARGIN}" y="{top + 16}">{escape(heading)}</text>']
    for index, (name, row) in enumerate(servers.items()):
        y = first + index * ROW
        line = y + BAR + 2
        lines.append(f'<text x="{left - 10}" y="{line}" text-anchor="end">{escape(name)}</text>')
        if figure not in row:
            lines.append(f'<text class="none" x="{left + 8}" y="{line}">not measured</text>')
            continue
        width = round(max(BARS * row[figure] / longest, 1), 1)
        kind = "ours" if name.startswith("Stepwire") else "theirs"
        lines += [
            f'<rect class="{kind}" x="{left}" y="{y + 4}" width="{width}" height="{BAR}"/>',
            f'<text x="{round(left + width + 8, 1)}" y="{line}">{row[figure]:,}</text>',
        ]
    return [*lines, f'<path class="axis" d="M{left} {first}V{bottom}"/></g>']
