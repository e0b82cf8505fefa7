"""What a review has to be told beside the plan: the organisation, the data, the book, the law that holds.

Every answer is optional. A question is asked only by the rules that want it, and what is not answered is listed as
such; it never counts as passed. The description of a field is the question as people read it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, Field, Strict, StringConstraints, field_validator, model_validator

from compplan.benchmarks.areas import state_code
from compplan.errors import CompPlanError, Problem
from compplan.models import FrozenModel
from compplan.plan import Plan, files
from compplan.plan.parts import Date, Key, Money, Share

Charter = Literal["adoption", "retention", "expansion"]
Maturity = Literal["early", "developing", "mature"]
Owner = Literal["csm", "renewals", "ae", "am", "shared"]
Words = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80, strip_whitespace=True)]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Real = Annotated[float, Strict(), Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Yes = Annotated[bool, Strict()]
State = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Few = Annotated[tuple[Label, ...], Field(max_length=50)]


class ContextError(CompPlanError):
    """A context that cannot be used."""


class _AnswersModel(FrozenModel):
    error_class = ContextError


class BookAnswers(_AnswersModel):
    """A typical book of accounts of one person under the plan."""

    accounts: Count | None = Field(default=None, description="How many accounts does one person look after?")
    arr: Money | None = Field(default=None, description="How much ARR does one person look after?")
    mean_acv: Money | None = Field(default=None, description="What is an account worth a year, on average?")
    largest_share: Share | None = Field(
        default=None, description="What share of the book's ARR is its largest account?"
    )
    first_year: Count | None = Field(default=None, description="How many of the accounts are in their first year?")
    due: Annotated[tuple[Money, ...], Field(min_length=4, max_length=4)] | None = Field(
        default=None, description="How much ARR is due for renewal in each of the next four quarters?"
    )
    utilisation: (
        Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False, json_schema_extra={"unit": "share"})] | None
    ) = Field(default=None, description="Which share of the hours available do the accounts take (see Capacity)?")


class MeasureData(_AnswersModel):
    """What there is to know of the data behind one component."""

    available: Yes | None = Field(default=None, description="Can it be measured now, with the data at hand?")
    lag_days: Count | None = Field(default=None, description="How many days after a period ends is it known?")
    history: Count | None = Field(default=None, description="How many past periods of it are known and trusted?")
    system: Label | None = Field(
        default=None, description="In which system is it recorded ('none' where there is none)?"
    )
    owner: Label | None = Field(default=None, description="Who answers for the figure ('none' where nobody does)?")
    denominator: Label | None = Field(
        default=None, description="What is it a share of ('none' where that is not written down)?"
    )
    sale: Yes | None = Field(default=None, description="Is it what one makes or helps to sell, counted by its value?")
    controllability: Share | None = Field(
        default=None, description="Which share of it is in one person's hands, from 0 to 1?"
    )
    no_event: Yes | None = Field(
        default=None, description="Does the plan text say what is paid where nothing falls due in a period?"
    )
    quarters_running: Count | None = Field(default=None, description="For how many quarters running is it paid?")
    testable: Yes | None = Field(default=None, description="Is it written down how to tell whether it is met?")
    signed: Yes | None = Field(default=None, description="Have customers signed what the outcome is?")
    seats: Literal["assigned", "active"] | None = Field(
        default=None, description="Which seats are counted: assigned, or in active use?"
    )
    discretionary: Yes | None = Field(default=None, description="Is it scored by a manager's discretion?")
    mean_of_rates: Yes | None = Field(
        default=None, description="Is a rate over several periods the mean of the periods' rates?"
    )


class CreditAnswers(_AnswersModel):
    """How growth is credited."""

    primary_driver: Yes | None = Field(
        default=None, description="Is growth credited only where the person is the main driver of it?"
    )
    total: Annotated[float, Strict(), Field(ge=0, le=20, allow_inf_nan=False)] | None = Field(
        default=None, description="How much credit is given for one deal in all, 1 being the deal once?"
    )


class AlsoPaidAnswers(_AnswersModel):
    """Who else is paid in full on the same results."""

    renewals: Few | None = Field(default=None, description="Which other roles are paid in full on the same renewals?")
    expansion: Few | None = Field(default=None, description="Which other roles are paid in full on the same growth?")


class LevelChangeAnswers(_AnswersModel):
    """A change of level in this cycle."""

    changed: Yes | None = Field(
        default=None, description="Does a result that was one person's count for the team from this cycle on?"
    )
    note: Yes | None = Field(default=None, description="Were people told why, in writing?")


class LitmusAnswers(_AnswersModel):
    """The three questions to ask before every quarter."""

    last_two_weeks: Words | None = Field(
        default=None, description="What would somebody who is short of target do in the last two weeks?"
    )
    reviewed: Date | None = Field(default=None, description="When was it last looked at whether the plan works?")
    lift: Annotated[tuple[Real, ...], Field(max_length=40)] | None = Field(
        default=None, description="By how much has what it pays for moved in each period since, the latest last?"
    )


class PremiumsAnswers(_AnswersModel):
    """Premiums by which the pay of the role is raised over the market's."""

    specialism: Share | None = Field(default=None, description="By which share is pay raised for a specialism?")
    place: Share | None = Field(default=None, description="By which share is pay raised for a place?")
    portfolio: Yes | None = Field(default=None, description="Is a higher place in the band claimed for a large book?")


class BenchmarkAnswers(_AnswersModel):
    """What pay was compared with."""

    source: Label | None = Field(
        default=None, description="Which source was pay compared with (a key of the bibliography, or its name)?"
    )
    basis: Literal["base", "ote", "total_compensation", "loaded_cost"] | None = Field(
        default=None, description="What does that source state: base, OTE, total compensation, loaded cost?"
    )
    year: Annotated[int, Strict(), Field(ge=1990, le=2100)] | None = Field(
        default=None, description="Of which year are its figures?"
    )


class TermsAnswers(_AnswersModel):
    """What the plan document says."""

    hire: Yes | None = Field(default=None, description="Does the plan text say what is paid to who starts mid-period?")
    leave: Yes | None = Field(default=None, description="Does the plan text say what is paid during leave?")
    transfer: Yes | None = Field(default=None, description="Does the plan text say what is paid on a transfer?")
    termination: Yes | None = Field(default=None, description="Does the plan text say what is paid to who leaves?")
    negative: Yes | None = Field(
        default=None, description="Does the plan text say what a negative true-up does to later pay?"
    )
    cap: Yes | None = Field(default=None, description="Does the plan text state the cap, or that there is none?")
    order: Yes | None = Field(
        default=None, description="Does the plan text say whether a cap comes before a modifier or after it?"
    )
    communicated: Date | None = Field(default=None, description="When were people told of this plan in writing?")
    spif_quarters: Count | None = Field(
        default=None, description="For how many quarters running are one-off bonuses paid?"
    )


class LawAnswers(_AnswersModel):
    """Who is employed where, and what was signed, posted and kept."""

    new_york_city: Yes | None = Field(
        default=None, description="Does anybody work in New York City, on Long Island or in Westchester?"
    )
    signed: Yes | None = Field(
        default=None, description="Is there a written contract signed by the employer, with a signed receipt?"
    )
    principally_sales: Yes | None = Field(
        default=None, description="Is selling the principal activity of these people?"
    )
    posting_range: Yes | None = Field(default=None, description="Do job postings for the role state the pay range?")
    employees: Count | None = Field(default=None, description="How many people does the employer have?")
    posting_variable: Yes | None = Field(default=None, description="Do they describe bonus or commission?")
    overtime_true_up: Yes | None = Field(
        default=None, description="Is overtime recomputed with the bonus for who is not exempt?"
    )
    capitalisation_reviewed: Yes | None = Field(
        default=None,
        description="Has an accountant looked at whether these payments are costs of obtaining a contract?",
    )


class Context(_AnswersModel):
    """What a review is told beside the plan; see the module.

    Examples
    --------
    >>> Context.of({"renewal_owner": "csm", "measures": {"grr": {"history": 8}}}).answer("measures.grr.history")
    8
    >>> Context().answer("renewal_owner") is None
    True
    """

    charters: Annotated[tuple[Charter, ...], Field(max_length=3)] | None = Field(
        default=None, description="What is Customer Success there for: adoption, retention, expansion?"
    )
    maturity: Maturity | None = Field(
        default=None, description="How mature is the organisation: early, developing, mature?"
    )
    renewal_owner: Owner | None = Field(default=None, description="Who owns renewals?")
    expansion_owner: Owner | None = Field(default=None, description="Who owns growth in existing accounts?")
    team_size: Count | None = Field(default=None, description="How many people are in the team?")
    roles: Annotated[tuple[Key, ...], Field(max_length=50)] | None = Field(
        default=None, description="Which roles are paid under this very plan?"
    )
    segments: Annotated[dict[Label, Share], Field(max_length=50)] | None = Field(
        default=None, description="What gross retention did each segment or region under this plan have?"
    )
    also_paid: AlsoPaidAnswers = AlsoPaidAnswers()
    credit: CreditAnswers = CreditAnswers()
    level_change: LevelChangeAnswers = LevelChangeAnswers()
    cycle_months: Annotated[float, Strict(), Field(ge=0, le=120, allow_inf_nan=False)] | None = Field(
        default=None, description="How many months does a renewal take, from first talk to signature?"
    )
    controls_timing: Yes | None = Field(default=None, description="Can people move a deal from one period to another?")
    controls_price: Yes | None = Field(default=None, description="Can people give discounts?")
    gross_margin: Share | None = Field(
        default=None, description="What is the gross margin on a dollar of ARR in its first year?"
    )
    correlations: (
        Annotated[dict[Label, Annotated[float, Strict(), Field(ge=-1, le=1)]], Field(max_length=200)] | None
    ) = Field(default=None, description="How far do results go together, by 'id,id' (-1 to 1)?")
    team_targets: Annotated[dict[Key, Money], Field(max_length=50)] | None = Field(
        default=None, description="What do the targets of the manager's people add up to, by component?"
    )
    loaded_cost: Money | None = Field(default=None, description="What does one person cost a year, all in?")
    book: BookAnswers = BookAnswers()
    books: Annotated[tuple[BookAnswers, ...], Field(max_length=1000)] | None = Field(
        default=None, description="What does each person's book of accounts look like (no names)?"
    )
    measures: Annotated[dict[Key, MeasureData], Field(max_length=100)] = Field(
        default_factory=dict[str, MeasureData], description="What is there to know of the data, by component?"
    )
    litmus: LitmusAnswers = LitmusAnswers()
    premiums: PremiumsAnswers = PremiumsAnswers()
    benchmark: BenchmarkAnswers = BenchmarkAnswers()
    terms: TermsAnswers = TermsAnswers()
    country: State | None = Field(default=None, description="In which country do these people work (US, DE, …)?")
    states: Annotated[tuple[State, ...], Field(max_length=60)] | None = Field(
        default=None, description="In which US states do these people work (CA, NY, …)?"
    )
    exempt: Yes | None = Field(default=None, description="Are they exempt from overtime under the FLSA?")
    law: LawAnswers = LawAnswers()

    @field_validator("states")
    @classmethod
    def _real(cls, given: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for state in given or ():
            if state_code(state) is None:
                raise ValueError(f"{state!r} is no state of the US; give its two letters, such as CA")
        return given

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        for pair in self.correlations or {}:
            if len(pair.split(",")) != 2:
                raise ValueError(f"a correlation is between two components, as in 'grr,csat'; got {pair!r}")
        return self

    # Type checkers take a pydantic model for one that cannot be hashed.
    def __hash__(self) -> int:
        return FrozenModel.__hash__(self)

    @classmethod
    def of(cls, data: Any) -> Self:
        """Check plain data and make a context of it.

        Raises
        ------
        ContextError
            With every problem and its place.
        """
        return cls.model_validate({} if data is None else data)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a context from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Raises
        ------
        CompPlanError
        """
        return cls.of(files.read_file(Path(path)))

    def answer(self, question: str) -> Any:
        """What is said to a question, by its path; None where nothing is.

        Raises
        ------
        LookupError
            If there is no such question.
        """
        value: Any = self
        for step in question.split("."):
            if isinstance(value, Mapping):
                value = cast("Mapping[str, Any]", value).get(step, MeasureData())
            elif isinstance(value, BaseModel) and step in type(value).model_fields:
                value = getattr(value, step)
            else:
                raise LookupError(f"{question!r} is no question of the context")
        return value

    def misplaced(self, plan: Plan) -> list[Problem]:
        """Answers about components that the plan does not have."""
        named = [(f"measures.{key}", key) for key in self.measures]
        named += [(f"team_targets.{key}", key) for key in self.team_targets or {}]
        named += [
            (f"correlations.{pair!r}", name.strip()) for pair in self.correlations or {} for name in pair.split(",")
        ]
        return [
            Problem(where, f"the plan has no component {key!r}; it has {', '.join(plan.by_id)}.")
            for where, key in named
            if key not in plan.by_id
        ]


def question_text(path: str) -> str:
    """A question as people read it.

    Examples
    --------
    >>> question_text("renewal_owner"), question_text("measures.grr.history")
    ('Who owns renewals?', 'How many past periods of it are known and trusted?')
    """
    model: type[BaseModel] = Context
    told = ""
    for step in path.split("."):
        if step not in model.model_fields:  # the id of a component
            model = MeasureData
            continue
        field = model.model_fields[step]
        told = field.description or ""
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _AnswersModel):
            model = kind
    return told


def answer_schema(path: str) -> dict[str, Any]:
    """What an answer to a question may be, as JSON Schema: its ``type``, ``enum``, ``format`` or ``items``.

    Raises
    ------
    LookupError
        If there is no such question.

    Examples
    --------
    >>> (
    ...     answer_schema("exempt")["type"],
    ...     answer_schema("maturity")["enum"],
    ...     answer_schema("measures.grr.history")["type"],
    ... )
    ('boolean', ['early', 'developing', 'mature'], 'integer')
    """
    schema = _schema()
    found: dict[str, Any] = schema
    for step in path.split("."):
        found = _present(found, schema)
        if "properties" in found and step in found["properties"]:
            found = found["properties"][step]
        elif "patternProperties" in found:
            (found,) = found["patternProperties"].values()
        elif isinstance(found.get("additionalProperties"), dict):
            found = found["additionalProperties"]
        else:
            raise LookupError(f"{path!r} is no question of the context")
    return _present(found, schema)


@functools.cache
def _schema() -> dict[str, Any]:
    return Context.model_json_schema()


def _present(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without its null and its references."""
    if "anyOf" in found:
        found = next(option for option in found["anyOf"] if option.get("type") != "null")
    if "$ref" in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    return found
