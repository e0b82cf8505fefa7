"""Market pay: bands, percentiles, places and ages, and where people stand in them."""

from __future__ import annotations

from compplan.benchmarks.ages import age_factor, date_of
from compplan.benchmarks.amounts import Amount, Basis
from compplan.benchmarks.areas import Area, all_areas, area, areas, find_area
from compplan.benchmarks.bands import Band, Pairing, pair
from compplan.benchmarks.errors import AreaError, BasisError, BenchmarkError, SurveyError
from compplan.benchmarks.figures import Mean, bands, distributions, means
from compplan.benchmarks.market import Adjusted, Market, Step
from compplan.benchmarks.percentiles import Percentiles
from compplan.benchmarks.places import (
    Differential,
    Exponent,
    Premium,
    default_exponent,
    differential,
    exponents,
    premiums,
)

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
    "Exponent",
    "Market",
    "Mean",
    "Pairing",
    "Percentiles",
    "Premium",
    "Step",
    "SurveyError",
    "age_factor",
    "all_areas",
    "area",
    "areas",
    "bands",
    "date_of",
    "default_exponent",
    "differential",
    "distributions",
    "exponents",
    "find_area",
    "means",
    "pair",
    "premiums",
]
