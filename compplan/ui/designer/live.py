"""What the board of the designer shows of a plan: computed once here, for a page run and for a move of a slider.

While somebody moves a slider, the browser asks for a new picture at an address of its own and draws it; the session
hears of the move when it is over. The answer is a pure function of what the browser sends, so it needs no session and
keeps none.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from compplan import charts
from compplan.clock import utc_today
from compplan.errors import CompPlanError, PlanError, Problem, ResultError
from compplan.outcomes import Overview, overview
from compplan.payout.engine import compile_plan
from compplan.payout.results import from_mapping
from compplan.plan import Plan
from compplan.plan.edits import set_weights
from compplan.review import DEFAULT_PROFILE, PROFILES, Context, Profile
from compplan.ui.designer.html import key_figures, promise_warning
from compplan.ui.host.passes import is_pass
from compplan.ui.review_state import review_of
from compplan.ui.templates import render
from compplan.ui.widgets import components
from compplan.ui.widgets.components import BoardFigure, shown_figures
from compplan.ui.widgets.findings import finding_line, review_card, worst_findings
from compplan.ui.widgets.html import KeyFigure, key_figures_html

HEIGHT = 270
LARGEST_REQUEST = 64_000


@dataclass(frozen=True, slots=True)
class BoardView:
    """The inputs of a picture.

    Attributes
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units, a year]
        What-if results.
    scatter : Mapping of str to float
        Spread of each component's result.
    before : Plan or None
        The plan as it was opened; shown beside the plan where it differs.
    pair : tuple of str or None
        Two components for the heat map; without them the second chart is pay against attainment.
    profile : Profile
        The guide that the review follows.
    context : Mapping of str to object
        Answers to the questions of the review.
    """

    plan: Plan
    results: Mapping[str, float]
    scatter: Mapping[str, float]
    before: Plan | None = None
    pair: tuple[str, str] | None = None
    profile: Profile = DEFAULT_PROFILE
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """Plain data from which `read_view` makes the same view again."""
        return {
            "plan": self.plan.to_json(),
            "results": dict(self.results),
            "scatter": dict(self.scatter),
            "before": self.before.to_json() if self.before else None,
            "pair": list(self.pair) if self.pair else None,
            "profile": self.profile,
            "context": dict(self.context),
        }


@dataclass(frozen=True, slots=True)
class Picture:
    """Key figures, the spread in use, charts and worst findings of a view, and a stamp that tells pictures apart."""

    cards: tuple[KeyFigure, ...]
    spread: str
    warning: str
    figures: tuple[BoardFigure, ...]
    findings: tuple[tuple[str, str, str, str], ...]
    stamp: str


def draw_picture(view: BoardView) -> Picture:
    """Compute what the board shows; a move's last picture is what the session asks for when it hears of the move."""
    inputs = [
        view.plan.hash, view.results, view.scatter, view.pair, view.before and view.before.hash, view.profile,
        view.context, utc_today().isoformat(),
    ]  # fmt: skip
    return _picture(_Stamped(hashlib.sha256(json.dumps(inputs, default=dict).encode()).hexdigest()[:16], view))


@dataclass(frozen=True, slots=True)
class _Stamped:
    """A view that is compared by its stamp only, so that its picture can be cached."""

    stamp: str
    view: BoardView = field(compare=False)


@functools.lru_cache(maxsize=128)
def _picture(stamped: _Stamped) -> Picture:
    view = stamped.view
    plan, before = view.plan, view.before if view.before != view.plan else None
    now = overview(plan, view.scatter)
    was = None if before is None else _overview(before, _shared(before, view.scatter))
    figures = (
        _figure("curves", "Yearly payout by result", "Payout curve of each component",
                charts.payout_curves(plan, view.results, before), 2),
        _figure("waterfall", "From base salary to total pay", "Waterfall from base salary to total pay",
                charts.waterfall(plan, view.results)),
        _second(view, before),
    )  # fmt: skip
    reviewed = review_of(plan, view.context, view.profile)
    earlier = None if before is None else review_of(before, view.context, view.profile)
    cards = key_figures(plan, now, was, review_card(reviewed, earlier))
    worst = tuple(map(finding_line, worst_findings(reviewed)))
    return Picture(cards, now.spread, promise_warning(plan, now), figures, worst, stamped.stamp)


def _second(view: BoardView, before: Plan | None) -> BoardFigure:
    if view.pair:
        return _figure("pair", "Variable pay by two measures", "Heat map of variable pay over two measures",
                       charts.heat_map(view.plan, view.results, *view.pair))  # fmt: skip
    return _figure("total", "Variable pay by attainment (all measures)", "Variable pay by attainment of all measures",
                   charts.total_pay(view.plan, before))  # fmt: skip


def _figure(name: str, title: str, alt: str, chart: charts.Chart, span: Literal[1, 2] = 1) -> BoardFigure:
    return components.figure(name, title, alt, chart, height=HEIGHT, span=span)


def _shared(plan: Plan, scatter: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((key, sd) for key, sd in scatter.items() if key in plan.by_id))


@functools.lru_cache(maxsize=64)
def _overview(plan: Plan, scatter: tuple[tuple[str, float], ...]) -> Overview:
    return overview(plan, dict(scatter))


def figures_html(picture: Picture, run: int) -> str:
    """The key figures as a list, the spread in use, and the warning; `run` makes it new each time it is sent."""
    warning = render("widgets.message", "warning", picture.warning, "status")
    return key_figures_html(picture.cards, run) + render("widgets.quiet", picture.spread) + warning


def read_view(sent: Any) -> BoardView:
    """The view that a browser asks for: the one it was given, with the moves of its sliders.

    Parameters
    ----------
    sent : object
        JSON of anything: ``BoardView.to_dict()`` with ``weights`` (percent by id) or ``moved`` (results by id).

    Raises
    ------
    CompPlanError
        If it is not that.
    """
    if not isinstance(sent, dict):
        raise PlanError([Problem("", "a view is a mapping.")])
    request = cast("dict[str, Any]", sent)
    plan = _plan(_text(request.get("plan")))
    if request.get("weights") is not None:
        plan = set_weights_of(plan, _numbers(request["weights"], "weights"))
    before = None if request.get("before") is None else _plan(_text(request["before"]))
    results = _numbers(request.get("results"), "results") | _numbers(request.get("moved") or {}, "moved")
    from_mapping(compile_plan(plan), results)
    pair: Any = request.get("pair")
    chosen = None
    if isinstance(pair, list):
        names = [str(key) for key in cast("list[Any]", pair)]
        if len(names) != 2 or len(set(names)) != 2 or not set(names) <= set(plan.by_id):
            raise PlanError([Problem("pair", "must name two components.")])
        chosen = (names[0], names[1])
    scatter = {key: sd for key, sd in _numbers(request.get("scatter"), "scatter").items() if sd >= 0}
    if not set(scatter) <= set(plan.by_id):
        raise PlanError([Problem("scatter", "must name components.")])
    profile_name = request.get("profile", DEFAULT_PROFILE)
    profile: Profile | None = next((p for p in PROFILES if p == profile_name), None)
    if profile is None:
        raise PlanError([Problem("profile", "is no profile.")])
    context: Any = request.get("context") or {}
    Context.of(context)
    return BoardView(plan, results, scatter, before, chosen, profile, cast("dict[str, Any]", context))


@functools.lru_cache(maxsize=64)
def _plan(text: str) -> Plan:
    """The plan of a gesture, which is sent again with each of its moves."""
    return Plan.from_json(text)


def set_weights_of(plan: Plan, weights: Mapping[str, float]) -> Plan:
    """`set_weights` for weights that may name anything."""
    weighed = {c.key for c in plan.components if c.weight is not None}
    if set(weights) != weighed:
        raise PlanError([Problem("weights", f"must name {', '.join(sorted(weighed))}.")])
    return set_weights(plan, dict(weights))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise PlanError([Problem("plan", "must be the text of a plan.")])
    return value


def _numbers(value: Any, name: str) -> dict[str, float]:
    entries = cast("dict[Any, Any]", value) if isinstance(value, dict) else None
    if entries is None or not all(
        isinstance(k, str)
        and isinstance(v, int | float)
        and not isinstance(v, bool)
        and abs(v) <= 1e12
        and math.isfinite(v)
        for k, v in entries.items()
    ):
        raise ResultError([Problem(name, "must be finite numbers by name.")])
    return {k: float(v) for k, v in entries.items()}


def answer(body: bytes, guarded: bool = False) -> tuple[int, str]:
    """Status and JSON of the picture that a browser asks for; where people sign in, only with the pass of a page."""
    try:
        sent: Any = json.loads(body)
        if guarded and not (isinstance(sent, dict) and is_pass(cast("dict[str, Any]", sent).get("pass"))):
            return 403, json.dumps({"error": "only for pages of people who are signed in"})
        picture = draw_picture(read_view(sent))
    except CompPlanError as error:
        return 422, json.dumps({"error": str(error)})
    except (ValueError, ArithmeticError, RecursionError):
        return 400, json.dumps({"error": "not a view"})
    return 200, json.dumps(
        {
            "cards": [
                [card.value, card.was, card.detail, card.amber and not card.red, card.red] for card in picture.cards
            ],
            "warning": picture.warning,
            "findings": picture.findings,
            "figures": shown_figures(picture.figures),
            "rev": picture.stamp,
        },
        separators=(",", ":"),
    )
