"""Charts as plain data for Plotly: pure functions of plans, results, reports and market figures.

Belongs here: what a chart shows, its labels, hover texts and the table of its numbers.
Does not belong here: calculations, pages, and anything that imports Plotly or Streamlit.

Colors are names that the page resolves from its theme: ``@c0`` to ``@c7`` for components in their order, ``@text``,
``@muted``, ``@grid``, ``@bg``, ``@primary``, ``@amber`` and ``@red``; ``/20`` after a name is 20% opacity.
"""

from compplan.charts.base import COLORS, Chart, color
from compplan.charts.benchmarks import People, PlanMark, market_bands, role_at
from compplan.charts.capacity import hours_by_tier, people_against_arr
from compplan.charts.cost import cost_by_attainment, cost_by_month, gains_and_losses, loaded_waterfall
from compplan.charts.curves import payout_curves
from compplan.charts.histograms import histogram
from compplan.charts.ranges import condition_span, slider_range, span
from compplan.charts.surfaces import heat_map, total_pay
from compplan.charts.tiles import state_tiles, tile_at
from compplan.charts.waterfall import waterfall

__all__ = [
    "COLORS",
    "Chart",
    "People",
    "PlanMark",
    "color",
    "condition_span",
    "cost_by_attainment",
    "cost_by_month",
    "gains_and_losses",
    "heat_map",
    "histogram",
    "hours_by_tier",
    "loaded_waterfall",
    "market_bands",
    "payout_curves",
    "people_against_arr",
    "role_at",
    "slider_range",
    "span",
    "state_tiles",
    "tile_at",
    "total_pay",
    "waterfall",
]
