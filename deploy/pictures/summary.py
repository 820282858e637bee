"""Draws deploy/pictures/summary.svg, the picture in the README, from a finished rehearsal:

fund demo --once && .venv/bin/python deploy/pictures/summary.py fund-data
"""

import io
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME

from domain.errors import NotFound
from fund_service.cli.finding import find
from fund_service.cli.opening import reading
from fund_service.cli.render_dashboard import render_dashboard
from fund_service.cli.render_ranking import render_ranking
from projections.call_ranking import ranking
from projections.fund_dashboard import dashboard

EDITION = "iurc-2026"
WIDTH = 120

paper = Console(file=io.StringIO(), record=True, width=WIDTH, markup=False, emoji=False, highlight=False)
with reading(Path(sys.argv[1])) as source:
    call_id = find(source, EDITION, "call")
    figures = dashboard(source.connection, call_id)
    ranked = ranking(source.connection, call_id, source.parts.fund.rules(call_id).lines[0].id)
if figures is None or ranked is None:
    raise NotFound("The call was not played to its end.", "Run `fund demo --once` first.")
render_dashboard(paper, figures)
paper.print()
render_ranking(paper, ranked)
drawn = paper.export_svg(title="fund demo", theme=SVG_EXPORT_THEME, unique_id="summary")
lines = [
    line.rstrip()
    for line in drawn.replace("Fira Code, monospace", "DejaVu Sans Mono, Menlo, Consolas, monospace").splitlines()
]
Path(__file__).with_name("summary.svg").write_text("\n".join(lines) + "\n", encoding="utf-8")
