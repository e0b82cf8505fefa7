"""The names that `import compplan` offers: one function for each main job, loaded when first used."""

from __future__ import annotations

import inspect
import pkgutil
import pydoc
import subprocess
import sys

import pytest

import compplan

JOBS = (
    "build_workbook", "compare", "estimate_cost", "expected_pay", "list_templates", "load_plan", "load_template",
    "open_plan_link", "pay", "pay_team", "plan_link", "review_plan",
)  # fmt: skip
ERRORS = ("CompPlanError", "CurveError", "LinkError", "MissingExtraError", "PlanError", "ResultError")


def test_the_public_names() -> None:
    assert sorted(compplan.__all__) == sorted([*JOBS, *ERRORS, "Plan", "templates"])


def test_no_job_has_the_name_of_a_package_or_module() -> None:
    """Importing `compplan.payout` would put the module over a function of that name."""
    modules = {module.name for module in pkgutil.iter_modules(compplan.__path__)}
    assert modules & set(compplan.__all__) == {"templates"}
    assert inspect.ismodule(compplan.templates)


@pytest.mark.parametrize("name", JOBS)
def test_every_job_is_a_documented_function(name: str) -> None:
    function = getattr(compplan, name)
    assert inspect.isfunction(function)
    assert ">>>" in (function.__doc__ or "")
    assert name in (compplan.__doc__ or "")


def test_help_lists_the_jobs_first() -> None:
    text = pydoc.render_doc(compplan, renderer=pydoc.plaintext)
    places = [text.index(f"\n        {name} ") for name in ("load_template", "pay", "review_plan", "estimate_cost")]
    assert places == sorted(places)
    assert places[-1] < text.index("PACKAGE CONTENTS")


def test_help_of_a_plan_shows_what_compplan_offers_and_not_pydantic() -> None:
    text = pydoc.render_doc(compplan.Plan, renderer=pydoc.plaintext)
    assert len(text.splitlines()) < 220
    assert "pydantic.main" not in text.partition("Methods defined here")[2]
    for name in ("edit(", "load(", "to_yaml(", "model_copy(", "measure("):
        assert f" |  {name}" in text
    assert "model_dump" in dir(compplan.load_template("flowfuse-csm"))  # of a plan, everything is listed


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="payout_everybody"):
        _ = compplan.payout_everybody


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys, compplan; heavy = {'numpy', 'pydantic', 'pandas', 'compplan.errors'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); compplan.PlanError;"
        "assert 'compplan.errors' in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_signature_of_checked_data_names_its_required_fields_only() -> None:
    signature = "(*, compplan, name, role, segment, currency, pay, components, **optional_fields)"
    assert str(inspect.signature(compplan.Plan)) == signature
