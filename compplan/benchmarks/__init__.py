"""Market pay: bands, percentiles, places and ages, and where people stand in them."""

from __future__ import annotations

from compplan.benchmarks.amounts import Amount, Basis
from compplan.benchmarks.bands import Band, Pairing, bands, pair
from compplan.benchmarks.errors import AreaError, BasisError, BenchmarkError, SurveyError

__all__ = [
    "Amount",
    "AreaError",
    "Band",
    "Basis",
    "BasisError",
    "BenchmarkError",
    "Pairing",
    "SurveyError",
    "bands",
    "pair",
]
