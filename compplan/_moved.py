"""Import paths and names of compplan 0.1 that have moved; each still works in 0.2, with a DeprecationWarning.

Remove this module, and the calls of `forward_names`, with version 0.3.
"""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Modules of compplan.exports.workbook that have the same name in compplan.documents.workbook.
_WORKBOOK = (
    "about", "build", "calculation", "checks", "costs", "inputs", "months", "pages", "people", "proof", "rules",
    "scenarios", "steps", "summary", "tables", "terms",
)  # fmt: skip
# Old path of a module: new path. `compplan.ui` and `compplan.cli` are the program, not a library, and move freely.
MODULES = {
    "compplan.benchmarks.market": "compplan.benchmarks.adjust",
    "compplan.benchmarks.people": "compplan.benchmarks.placement",
    "compplan.benchmarks.survey_tables": "compplan.benchmarks.survey_files",
    "compplan.charts.market": "compplan.charts.benchmarks",
    "compplan.cost.errors": "compplan.settlement.errors",
    "compplan.cost.headcount": "compplan.settlement.headcount",
    "compplan.cost.pays": "compplan.settlement.year_pay",
    "compplan.cost.scatter": "compplan.outcomes.distribution",
    "compplan.cost.words": "compplan.cost.notes",
    "compplan.cost.year": "compplan.plan.calendar",
    "compplan.exports": "compplan.documents",
    "compplan.exports.market": "compplan.documents.market",
    "compplan.exports.workbook": "compplan.documents.workbook",
    "compplan.exports.workbook.assumed": "compplan.documents.workbook.assumptions",
    "compplan.exports.workbook.ledger": "compplan.documents.workbook.step_writer",
    "compplan.exports.workbook.quick": "compplan.documents.workbook.pages",
    "compplan.home": "compplan.shipped",
    "compplan.payout.compare": "compplan.payout.comparison",
    "compplan.payout.probe": "compplan.payout.analysis",
    "compplan.plan.changes": "compplan.plan.edits",
    "compplan.plan.checks": "compplan.plan.validation",
    "compplan.plan.explain": "compplan.explain",
    "compplan.reproduce": "compplan.documents.python",
    "compplan.review.book": "compplan.review.registry",
    "compplan.roster.amounts": "compplan.readers.amounts",
    "compplan.roster.columns": "compplan.readers.columns",
    "compplan.roster.currencies": "compplan.readers.currencies",
    "compplan.roster.dates": "compplan.readers.dates",
    "compplan.roster.headings": "compplan.readers.headings",
    "compplan.roster.ledger": "compplan.readers.ledger",
    "compplan.roster.limits": "compplan.readers.limits",
    "compplan.roster.notes": "compplan.readers.notes",
    "compplan.roster.remarks": "compplan.documents.remarks",
    "compplan.roster.shares": "compplan.readers.shares",
    "compplan.roster.table": "compplan.readers.table",
    "compplan.roster.text": "compplan.readers.csv_text",
    "compplan.roster.titles": "compplan.readers.titles",
    "compplan.roster.workbook": "compplan.readers.workbook",
    "compplan.sharing": "compplan.plan.links",
    "compplan.store.checks": "compplan.store.validation",
    "compplan.store.doors": "compplan.store.share_links",
    "compplan.store.keeper": "compplan.store.base",
    "compplan.store.shelf": "compplan.store.queries",
    "compplan.store.trails": "compplan.store.audit",
    "compplan.store.upkeep": "compplan.store.retention",
    "compplan.store.wording": "compplan.plan.place_names",
    "compplan.uploads": "compplan.readers",
    "compplan.uploads.book": "compplan.readers.sheets",
    "compplan.uploads.limits": "compplan.readers.vetting",
    "compplan.uploads.package": "compplan.readers.package",
    **{f"compplan.exports.workbook.{name}": f"compplan.documents.workbook.{name}" for name in _WORKBOOK},
}

# Package: old public name, and its name in that package now; "module:name" if it is in another.
NAMES: dict[str, dict[str, str]] = {
    "compplan.access": {
        "Members": "RoleMembers",
        "OPEN": "OPEN_ACCESS_VARIABLE",
        "OPEN_WORDS": "OPEN_ACCESS_VALUE",
        "Team": "TeamConfig",
        "configured": "team_from_environment",
        "may_listen": "check_listen_address",
        "secret": "read_secret",
    },
    "compplan.benchmarks": {
        "Adjusted": "AdjustedFigure",
        "Amount": "PayAmount",
        "Band": "PayBand",
        "Basis": "PayBasis",
        "Differential": "GeographicDifferential",
        "Exponent": "WageExponent",
        "Mean": "MeanPay",
        "Pairing": "BandPair",
        "Posting": "PostingRules",
        "Premium": "PayPremium",
        "Rung": "LadderStep",
        "Statement": "LawStatement",
        "Step": "AdjustmentStep",
        "costs": "raise_costs",
        "equity": "pay_gaps",
        "placed": "place_people",
        "posting": "posting_rules",
        "raised": "raised_pay",
        "wording": "posting_text",
    },
    "compplan.capacity": {
        "Model": "CapacityModel",
        "Move": "AccountMove",
        "Range": "StatedRange",
        "Rebalance": "RebalancePlan",
        "Spread": "BookSpread",
        "Touch": "Touchpoint",
        "Year": "WorkYear",
        "owned": "owned_books",
    },
    "compplan.cost": {
        "Held": "HeldLevel",
        "Point": "PointValue",
        "Range": "TeamRange",
    },
    "compplan.measures": {"catalogue": "catalog"},
    "compplan.payout": {"compare": "pay_differences"},
    "compplan.review": {
        "ABOUT": "PROFILE_SUMMARIES",
        "DEFAULT": "DEFAULT_PROFILE",
        "Fixed": "AppliedFix",
        "GRADES": "EVIDENCE_LEVELS",
        "Grade": "EvidenceLevel",
        "evidence": "evidence_text",
        "limits": "default_thresholds",
        "of_problems": "findings_of_problems",
        "question": "question_text",
        "thresholds": "threshold_facts",
        "weight_of": "severity_under",
    },
    "compplan.review.reports": {
        "changes": "value_changes",
        "SARIF_SCHEMA": "compplan.review.sarif:SARIF_SCHEMA",
        "sarif": "compplan.review.sarif:sarif",
    },
    "compplan.roster": {"Source": "RosterSource"},
    "compplan.store": {
        "Erased": "ErasureResult",
        "Event": "AuditEvent",
        "Life": "Lifecycle",
        "Opened": "SharedVersion",
        "Retained": "RetentionResult",
        "Who": "ActorRef",
    },
    "compplan.uploads": {
        "Book": "compplan.readers.sheets:WorkbookFile",
        "Limits": "compplan.readers.limits:Limits",
        "Part": "compplan.readers.sheet_scan:SheetScan",
        "Sheet": "compplan.readers.sheets:SheetInfo",
        "UploadError": "compplan.readers.errors:TableError",
        "kind_of": "compplan.readers.vetting:kind_of",
        "refuse": "compplan.readers.errors:refuse",
    },
}


def warn_renamed(old: str, new: str, depth: int) -> None:
    """Warn of an old name, on behalf of the caller so many calls up."""
    warnings.warn(f"{old} is now {new}; the old one goes in compplan 0.3.", DeprecationWarning, stacklevel=depth + 1)


class _Forwarded(ModuleType):
    """An old module that has the contents of the new one."""

    def __init__(self, name: str, new: ModuleType) -> None:
        super().__init__(name, new.__doc__)
        self.__path__ = []  # what is inside an old package is found by the table, too
        self._new = new
        # Importing a module puts it into its package, over a function of the same name: it is called in its place.
        package, _, own_name = name.rpartition(".")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # the import has warned already
            self._hidden = getattr(sys.modules.get(package), own_name, None)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if not callable(self._hidden):
            raise TypeError(f"module {self.__name__!r} is not callable")
        return self._hidden(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return forward_names(self.__name__)(name) if name in NAMES.get(self.__name__, {}) else getattr(self._new, name)

    def __dir__(self) -> list[str]:
        return dir(self._new)


class _MovedModuleFinder:
    """Finds the modules that have moved, after every other finder has looked in vain."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Spec of a module that has moved; None for any other."""
        del path, target
        if name not in MODULES:
            return None
        warn_renamed(name, MODULES[name], 2)
        return ModuleSpec(name, _MovedModuleFinder, origin=MODULES[name], is_package=True)  # pyright: ignore[reportArgumentType]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """A module that forwards to the one at the new path."""
        return _Forwarded(spec.name, importlib.import_module(MODULES[spec.name]))

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """There is nothing to run."""


def install() -> None:
    """Let the import system find modules at their old paths."""
    if _MovedModuleFinder not in sys.meta_path:
        sys.meta_path.append(_MovedModuleFinder)  # pyright: ignore[reportArgumentType]


def forward_names(package: str, lazy: Mapping[str, str] | None = None) -> Callable[[str], Any]:
    """A module-level `__getattr__` for a package: its old public names, each with a DeprecationWarning.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    lazy : Mapping of str to str, optional
        Current names that are imported when they are first used: the module of each, within the package.
    """

    def forward(name: str) -> Any:
        if lazy and name in lazy:
            return getattr(importlib.import_module(f"{package}.{lazy[name]}"), name)
        new = NAMES.get(package, {}).get(name)
        if new is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, current = new.rpartition(":")
        warn_renamed(f"{package}.{name}", f"{module or package}.{current}", 2)
        return getattr(importlib.import_module(module or package), current)

    return forward


class OldName:
    """An attribute or method of compplan 0.1 that has another name now; each use gives a DeprecationWarning.

    Parameters
    ----------
    new : str
        Its name in the same class.
    """

    def __init__(self, new: str) -> None:
        self._new = new

    def __set_name__(self, owner: type, name: str) -> None:
        self._old = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        warn_renamed(f"{owner.__name__}.{self._old}", f"{owner.__name__}.{self._new}", 2)
        return getattr(instance, self._new)


def renamed_keywords(**new_names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that lets a function take keywords of compplan 0.1, each with a DeprecationWarning.

    Parameters
    ----------
    **new_names : str
        The keyword that replaces each old one.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*arguments: P.args, **options: P.kwargs) -> R:
            for old in new_names.keys() & options.keys():
                warn_renamed(f"{old}= of {function.__qualname__}", f"{new_names[old]}=", 2)
                options[new_names[old]] = options.pop(old)
            return function(*arguments, **options)

        return call

    return decorate
