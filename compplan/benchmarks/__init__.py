"""Market pay: bands, percentiles, location and date adjustments, surveys, and people compared with bands.

Belongs here: published pay data, the user's own survey, compa-ratios, pay equity and pay transparency rules.
Does not belong here: the cost of a plan (`compplan.cost`) and general file reading (`compplan.readers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compplan._moved import forward_names
from compplan.benchmarks.adjust import AdjustedFigure, AdjustmentStep, Market
from compplan.benchmarks.ages import age_factor, date_of
from compplan.benchmarks.amounts import PayAmount, PayBasis
from compplan.benchmarks.areas import Area, all_areas, area, areas, find_area
from compplan.benchmarks.bands import BandPair, PayBand, pair
from compplan.benchmarks.errors import AreaError, BasisError, BenchmarkError, SurveyError
from compplan.benchmarks.figures import MeanPay, bands, distributions, means
from compplan.benchmarks.ladders import LadderStep, ladder, rungs
from compplan.benchmarks.pay_equity import pay_gaps
from compplan.benchmarks.percentiles import Percentiles
from compplan.benchmarks.placement import group_compa_ratio, outliers, place_people
from compplan.benchmarks.places import (
    GeographicDifferential,
    PayPremium,
    WageExponent,
    default_exponent,
    differential,
    exponents,
    premiums,
)
from compplan.benchmarks.postings import LawStatement, PostingRules, posting_rules, posting_text
from compplan.benchmarks.published_results import (
    PublishedResult,
    ResultBenchmarks,
    UsualLevel,
    published_results,
    result_benchmarks,
    result_sheet,
)
from compplan.benchmarks.raises import compression, raise_costs, raised_pay
from compplan.benchmarks.sheet import RoleFigures, caveats, local_bands, sheet

if TYPE_CHECKING:
    from compplan.benchmarks.own_survey import Entry, OwnSurvey, beside, reference_bands
    from compplan.benchmarks.survey_files import read_survey, survey_of

__all__ = [
    "AdjustedFigure",
    "AdjustmentStep",
    "Area",
    "AreaError",
    "BandPair",
    "BasisError",
    "BenchmarkError",
    "Entry",
    "GeographicDifferential",
    "LadderStep",
    "LawStatement",
    "Market",
    "MeanPay",
    "OwnSurvey",
    "PayAmount",
    "PayBand",
    "PayBasis",
    "PayPremium",
    "Percentiles",
    "PostingRules",
    "PublishedResult",
    "ResultBenchmarks",
    "RoleFigures",
    "SurveyError",
    "UsualLevel",
    "WageExponent",
    "age_factor",
    "all_areas",
    "area",
    "areas",
    "bands",
    "beside",
    "caveats",
    "compression",
    "date_of",
    "default_exponent",
    "differential",
    "distributions",
    "exponents",
    "find_area",
    "group_compa_ratio",
    "ladder",
    "local_bands",
    "means",
    "outliers",
    "pair",
    "pay_gaps",
    "place_people",
    "posting_rules",
    "posting_text",
    "premiums",
    "published_results",
    "raise_costs",
    "raised_pay",
    "read_survey",
    "reference_bands",
    "result_benchmarks",
    "result_sheet",
    "rungs",
    "sheet",
    "survey_of",
]

# These need pandas, which takes long to import and is not needed to check a plan.
_LAZY = {
    "Entry": "own_survey",
    "OwnSurvey": "own_survey",
    "beside": "own_survey",
    "reference_bands": "own_survey",
    "read_survey": "survey_files",
    "survey_of": "survey_files",
}
__getattr__ = forward_names(__name__, _LAZY)
