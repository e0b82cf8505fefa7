"""Market pay: bands, percentiles, places and ages, and where people stand in them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from compplan.benchmarks.adjust import Adjusted, Market, Step
from compplan.benchmarks.ages import age_factor, date_of
from compplan.benchmarks.amounts import Amount, Basis
from compplan.benchmarks.areas import Area, all_areas, area, areas, find_area
from compplan.benchmarks.bands import Band, Pairing, pair
from compplan.benchmarks.errors import AreaError, BasisError, BenchmarkError, SurveyError
from compplan.benchmarks.figures import Mean, bands, distributions, means
from compplan.benchmarks.ladders import Rung, ladder, rungs
from compplan.benchmarks.pay_equity import equity
from compplan.benchmarks.percentiles import Percentiles
from compplan.benchmarks.placement import group_compa_ratio, outliers, placed
from compplan.benchmarks.places import (
    Differential,
    Exponent,
    Premium,
    default_exponent,
    differential,
    exponents,
    premiums,
)
from compplan.benchmarks.postings import Posting, Statement, posting, wording
from compplan.benchmarks.raises import compression, costs, raised
from compplan.benchmarks.sheet import RoleFigures, caveats, local_bands, sheet

if TYPE_CHECKING:
    from compplan.benchmarks.own_survey import Entry, OwnSurvey, beside, reference_bands
    from compplan.benchmarks.survey_files import read_survey, survey_of

__all__ = [
    "Adjusted",
    "Amount",
    "Area",
    "AreaError",
    "Band",
    "Basis",
    "BasisError",
    "BenchmarkError",
    "Differential",
    "Entry",
    "Exponent",
    "Market",
    "Mean",
    "OwnSurvey",
    "Pairing",
    "Percentiles",
    "Posting",
    "Premium",
    "RoleFigures",
    "Rung",
    "Statement",
    "Step",
    "SurveyError",
    "age_factor",
    "all_areas",
    "area",
    "areas",
    "bands",
    "beside",
    "caveats",
    "compression",
    "costs",
    "date_of",
    "default_exponent",
    "differential",
    "distributions",
    "equity",
    "exponents",
    "find_area",
    "group_compa_ratio",
    "ladder",
    "local_bands",
    "means",
    "outliers",
    "pair",
    "placed",
    "posting",
    "premiums",
    "raised",
    "read_survey",
    "reference_bands",
    "rungs",
    "sheet",
    "survey_of",
    "wording",
]


# Reading files needs pandas, which checking a plan does not.
_LAZY = {
    "Entry": "own_survey",
    "OwnSurvey": "own_survey",
    "beside": "own_survey",
    "reference_bands": "own_survey",
    "read_survey": "survey_files",
    "survey_of": "survey_files",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)
