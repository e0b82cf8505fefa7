"""Plotly figures as plain data: pure functions of a plan and results, or of market figures and people.

Colours are names, not values: ``@c0`` to ``@c7`` for components in their order, ``@text``, ``@muted``, ``@grid``,
``@bg``, ``@primary``, ``@amber``, ``@red``, with ``/20`` for 20% opacity; whoever draws the figure resolves them from
its theme.
"""

from compplan.charts.base import COLOURS, Chart, colour
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
    "COLOURS",
    "Chart",
    "People",
    "PlanMark",
    "colour",
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
