"""The context of a review: facts about the organization, its data, the book of business and the law that applies.

Every answer is optional. A review lists the questions that its rules still need; an unanswered question never counts
as passed. The description of a field is the question as people read it.
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
    """Error in the answers of a context."""


class _AnswersModel(FrozenModel):
    error_class = ContextError


class BookAnswers(_AnswersModel):
    """A typical book of business of one person on the plan."""

    accounts: Count | None = Field(default=None, description="How many accounts does one person manage?")
    arr: Money | None = Field(default=None, description="How much ARR does one person manage?")
    mean_acv: Money | None = Field(default=None, description="What is the average annual value of an account?")
    largest_share: Share | None = Field(
        default=None, description="What share of the book’s ARR does the largest account hold?"
    )
    first_year: Count | None = Field(default=None, description="How many accounts are in their first year?")
    due: Annotated[tuple[Money, ...], Field(min_length=4, max_length=4)] | None = Field(
        default=None, description="How much ARR is up for renewal in each of the next four quarters?"
    )
    utilisation: (
        Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False, json_schema_extra={"unit": "share"})] | None
    ) = Field(default=None, description="What share of available hours do the accounts take (see Capacity)?")


class MeasureData(_AnswersModel):
    """Answers about the data behind one component."""

    available: Yes | None = Field(default=None, description="Can you measure this today?")
    lag_days: Count | None = Field(default=None, description="How many days after period end is the result known?")
    history: Count | None = Field(default=None, description="How many past periods of reliable data do you have?")
    system: Label | None = Field(default=None, description="Which system records it? Enter 'none' if there is none.")
    owner: Label | None = Field(default=None, description="Who owns the number? Enter 'none' if nobody does.")
    denominator: Label | None = Field(
        default=None, description="What is the denominator? Enter 'none' if it is not written down."
    )
    sale: Yes | None = Field(
        default=None, description="Does it count the value of what the person sells or helps to sell?"
    )
    controllability: Share | None = Field(
        default=None, description="What share of the result can one person control, from 0 to 1?"
    )
    no_event: Yes | None = Field(
        default=None, description="Does the plan document say what is paid when nothing is up for renewal in a period?"
    )
    quarters_running: Count | None = Field(default=None, description="For how many quarters in a row has it been paid?")
    testable: Yes | None = Field(default=None, description="Is there a written test for when it is met?")
    signed: Yes | None = Field(default=None, description="Have customers signed off on the outcome?")
    seats: Literal["assigned", "active"] | None = Field(
        default=None, description="Which seats are counted: assigned or active?"
    )
    discretionary: Yes | None = Field(default=None, description="Does a manager score it at their discretion?")
    mean_of_rates: Yes | None = Field(
        default=None, description="Is a rate over several periods the average of the rates of each period?"
    )


class CreditAnswers(_AnswersModel):
    """Answers about crediting of expansion deals."""

    primary_driver: Yes | None = Field(
        default=None, description="Is expansion credited only to the person who mainly drove it?"
    )
    total: Annotated[float, Strict(), Field(ge=0, le=20, allow_inf_nan=False)] | None = Field(
        default=None, description="How much credit does one deal give in total? Enter 1 for one full credit."
    )


class AlsoPaidAnswers(_AnswersModel):
    """Other roles paid in full on the same results."""

    renewals: Few | None = Field(default=None, description="Which other roles are paid in full on the same renewals?")
    expansion: Few | None = Field(default=None, description="Which other roles are paid in full on the same expansion?")


class LevelChangeAnswers(_AnswersModel):
    """Answers about a move from individual to team results in this cycle."""

    changed: Yes | None = Field(default=None, description="Does an individual result become a team result this cycle?")
    note: Yes | None = Field(default=None, description="Did people get a written explanation of the change?")


class LitmusAnswers(_AnswersModel):
    """Answers to the three questions to ask before every quarter."""

    last_two_weeks: Words | None = Field(default=None, description="How could someone game this at period end?")
    reviewed: Date | None = Field(default=None, description="Date of last plan review")
    lift: Annotated[tuple[Real, ...], Field(max_length=40)] | None = Field(
        default=None, description="Change in the paid measure per period, oldest first"
    )


class PremiumsAnswers(_AnswersModel):
    """Premiums over market pay for the role."""

    specialism: Share | None = Field(default=None, description="What pay premium applies for a specialty?")
    place: Share | None = Field(default=None, description="What pay premium applies for the location?")
    portfolio: Yes | None = Field(
        default=None, description="Is pay higher in the band because of a large book of business?"
    )


class BenchmarkAnswers(_AnswersModel):
    """Answers about the benchmark used for pay."""

    source: Label | None = Field(
        default=None, description="Which source did you benchmark pay against (its name, or a key of the bibliography)?"
    )
    basis: Literal["base", "ote", "total_compensation", "loaded_cost"] | None = Field(
        default=None, description="What does that source report: base, OTE, total compensation or loaded cost?"
    )
    year: Annotated[int, Strict(), Field(ge=1990, le=2100)] | None = Field(
        default=None, description="Which year is the benchmark data from?"
    )


class TermsAnswers(_AnswersModel):
    """Answers about the text of the plan document."""

    hire: Yes | None = Field(
        default=None, description="Does the plan document say what new hires are paid when they start mid-period?"
    )
    leave: Yes | None = Field(default=None, description="Does the plan document say what is paid during leave?")
    transfer: Yes | None = Field(default=None, description="Does the plan document say what is paid on a transfer?")
    termination: Yes | None = Field(
        default=None, description="Does the plan document say what is paid when someone leaves?"
    )
    negative: Yes | None = Field(
        default=None, description="Does the plan document say how a negative true-up affects later pay?"
    )
    cap: Yes | None = Field(default=None, description="Does the plan document state the cap, or that there is none?")
    order: Yes | None = Field(
        default=None, description="Does the plan document say whether caps apply before or after modifiers?"
    )
    communicated: Date | None = Field(default=None, description="When did people receive this plan in writing?")
    spif_quarters: Count | None = Field(
        default=None, description="For how many quarters in a row have SPIFs been paid?"
    )


class LawAnswers(_AnswersModel):
    """Answers about places of work, signed contracts and job postings."""

    new_york_city: Yes | None = Field(
        default=None, description="Does anyone work in New York City, on Long Island or in Westchester?"
    )
    signed: Yes | None = Field(
        default=None, description="Is there a written contract signed by the employer, with a signed receipt?"
    )
    principally_sales: Yes | None = Field(default=None, description="Is selling the main activity of these people?")
    posting_range: Yes | None = Field(default=None, description="Do job postings for the role state the pay range?")
    employees: Count | None = Field(default=None, description="How many employees does the company have?")
    posting_variable: Yes | None = Field(default=None, description="Do job postings describe bonus or commission?")
    overtime_true_up: Yes | None = Field(
        default=None, description="Is overtime recalculated to include the bonus for nonexempt employees?"
    )
    capitalisation_reviewed: Yes | None = Field(
        default=None,
        description="Has an accountant reviewed whether these payments are costs of obtaining a contract?",
    )


class Context(_AnswersModel):
    """Answers to the questions of a review. Every answer is optional.

    Examples
    --------
    >>> Context.of({"renewal_owner": "csm", "measures": {"grr": {"history": 8}}}).answer("measures.grr.history")
    8
    >>> Context().answer("renewal_owner") is None
    True
    """

    charters: Annotated[tuple[Charter, ...], Field(max_length=3)] | None = Field(
        default=None, description="What are the charters of Customer Success: adoption, retention, expansion?"
    )
    maturity: Maturity | None = Field(
        default=None, description="How mature is the organization: early, developing or mature?"
    )
    renewal_owner: Owner | None = Field(default=None, description="Who owns renewals?")
    expansion_owner: Owner | None = Field(default=None, description="Who owns expansion in existing accounts?")
    team_size: Count | None = Field(default=None, description="How many people are on the team?")
    roles: Annotated[tuple[Key, ...], Field(max_length=50)] | None = Field(
        default=None, description="Which roles are on this plan?"
    )
    segments: Annotated[dict[Label, Share], Field(max_length=50)] | None = Field(
        default=None, description="What was the gross retention of each segment or region on this plan?"
    )
    also_paid: AlsoPaidAnswers = AlsoPaidAnswers()
    credit: CreditAnswers = CreditAnswers()
    level_change: LevelChangeAnswers = LevelChangeAnswers()
    cycle_months: Annotated[float, Strict(), Field(ge=0, le=120, allow_inf_nan=False)] | None = Field(
        default=None, description="How many months does a renewal take from first conversation to signature?"
    )
    controls_timing: Yes | None = Field(default=None, description="Can people move a deal from one period to another?")
    controls_price: Yes | None = Field(default=None, description="Can people offer discounts?")
    gross_margin: Share | None = Field(
        default=None, description="What is the first-year gross margin on a dollar of ARR?"
    )
    correlations: (
        Annotated[dict[Label, Annotated[float, Strict(), Field(ge=-1, le=1)]], Field(max_length=200)] | None
    ) = Field(default=None, description="What is the correlation between results, by 'id,id' (-1 to 1)?")
    team_targets: Annotated[dict[Key, Money], Field(max_length=50)] | None = Field(
        default=None, description="What do the team members’ targets add up to, by component?"
    )
    loaded_cost: Money | None = Field(default=None, description="What is the fully loaded cost of one person per year?")
    book: BookAnswers = BookAnswers()
    books: Annotated[tuple[BookAnswers, ...], Field(max_length=1000)] | None = Field(
        default=None, description="What does each person’s book of business look like (no names)?"
    )
    measures: Annotated[dict[Key, MeasureData], Field(max_length=100)] = Field(
        default_factory=dict[str, MeasureData], description="What do you know about the data of each component?"
    )
    litmus: LitmusAnswers = LitmusAnswers()
    premiums: PremiumsAnswers = PremiumsAnswers()
    benchmark: BenchmarkAnswers = BenchmarkAnswers()
    terms: TermsAnswers = TermsAnswers()
    country: State | None = Field(default=None, description="Which country do these people work in (US, DE, …)?")
    states: Annotated[tuple[State, ...], Field(max_length=60)] | None = Field(
        default=None, description="Which US states do these people work in (CA, NY, …)?"
    )
    exempt: Yes | None = Field(default=None, description="Are these people exempt from overtime under the FLSA?")
    law: LawAnswers = LawAnswers()

    @field_validator("states")
    @classmethod
    def _known_states(cls, states: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for state in states or ():
            if state_code(state) is None:
                raise ValueError(f"{state!r} is not a US state; enter its two letters, such as CA")
        return states

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
        """Build a context from plain data.

        Raises
        ------
        ContextError
            Lists every problem with its place.
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
        """Return the answer to a question by its path, or None if it is unanswered.

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
                raise LookupError(f"{question!r} is not a question of the context")
        return value

    def misplaced(self, plan: Plan) -> list[Problem]:
        """List the answers about components that the plan does not have."""
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
    """Return a question as people read it.

    Examples
    --------
    >>> question_text("renewal_owner"), question_text("measures.grr.history")
    ('Who owns renewals?', 'How many past periods of reliable data do you have?')
    """
    model: type[BaseModel] = Context
    text = ""
    for step in path.split("."):
        if step not in model.model_fields:  # the id of a component
            model = MeasureData
            continue
        field = model.model_fields[step]
        text = field.description or ""
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _AnswersModel):
            model = kind
    return text


def answer_schema(path: str) -> dict[str, Any]:
    """Return the JSON Schema of the answer to a question: ``type``, ``enum``, ``format`` or ``items``.

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
        found = _resolved(found, schema)
        if "properties" in found and step in found["properties"]:
            found = found["properties"][step]
        elif "patternProperties" in found:
            (found,) = found["patternProperties"].values()
        elif isinstance(found.get("additionalProperties"), dict):
            found = found["additionalProperties"]
        else:
            raise LookupError(f"{path!r} is not a question of the context")
    return _resolved(found, schema)


@functools.cache
def _schema() -> dict[str, Any]:
    return Context.model_json_schema()


def _resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Resolve the references of a schema and drop its null."""
    if "anyOf" in found:
        found = next(option for option in found["anyOf"] if option.get("type") != "null")
    if "$ref" in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    return found
