"""Headings of account files, as Salesforce, HubSpot, Gainsight, ChurnZero, Totango, Vitally and Planhat write them."""

from __future__ import annotations

from collections.abc import Mapping

from compplan.readers.heading_words import HeadingWords, normal
from compplan.readers.headings import Heading
from compplan.readers.limits import Limits
from compplan.readers.vocabulary import Vocabulary

_WORDS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "account name", "account", "customer", "customer name", "client", "client name", "company", "company name",
        "associated company", "associated company name", "kunde", "kundenname", "client nom", "cliente", "logo",
        "organization", "organization name", "organisation", "name",
    ),
    "id": (
        "account id", "customer id", "client id", "company id", "sfdc account id", "salesforce account id",
        "sfdc id", "salesforce id", "crm account id", "crm id", "account external id", "account id 18",
        "18 digit account id", "associated company id", "associated company ids", "account number", "account no",
        "customer number", "customer no", "kundennummer", "kunden nr", "gsid", "external id", "source id",
        "record id", "company record id", "id",
    ),
    "owner": (
        "csm", "customer success manager", "success manager", "csm name", "csm full name", "csm owner", "cs owner",
        "success owner", "csm id", "csm email", "primary csm", "assigned csm", "account owner", "account owner name",
        "company owner", "owner", "owner name", "owner full name", "owner id", "company owner id", "hubspot owner",
        "customer owner", "client owner", "employee id", "emp id", "assigned to", "managed by", "account manager",
        "account owner email", "relationship manager", "betreuer", "kundenbetreuer", "responsable", "opportunity owner",
        "deal owner",
    ),
    "arr": (
        "arr", "annual recurring revenue", "annual recurring revenue arr", "total arr", "arr total", "account arr",
        "customer arr", "company arr", "contracted arr", "committed arr", "carr", "active arr", "live arr",
        "subscription arr", "annualized recurring revenue arr", "acv", "annual contract value",
        "annual contract value acv", "annual subscription value", "contract value", "recurring revenue",
        "annual value", "value", "mrr", "monthly recurring revenue", "monthly recurring revenue mrr",
        "recurring revenue mrr", "total mrr", "mrr total", "account mrr",
        "contracted mrr", "committed mrr", "cmrr", "active mrr", "subscription mrr", "monthly subscription value",
        "arr converted", "mrr converted",
    ),
    "currency": (
        "currency", "currency code", "currency iso code", "cur", "curr", "ccy", "account currency", "company currency",
        "account currency code", "contract currency", "deal currency", "opportunity currency", "billing currency",
        "customer currency", "local currency", "record currency", "wahrung", "devise", "moneda",
    ),
    "segment": (
        "segment", "customer segment", "account segment", "company segment", "market segment", "tier", "account tier",
        "customer tier", "client tier", "service tier", "cs tier",
    ),
    "renewal": (
        "renewal date", "next renewal date", "next renewal", "renewal due date", "contract renewal date",
        "upcoming renewal date", "renewal", "renews on", "renews", "contract end", "contract end date", "end date",
        "subscription end date", "subscription end", "current term end date", "term end date", "term end",
        "expiry date", "expiration date", "contract expiration date", "contract expiry date", "expires", "due date",
        "vertragsende",
    ),
    "start": (
        "start date", "contract start", "contract start date", "start", "original contract date", "customer since",
        "customer from", "since", "signed", "subscription start date", "subscription start", "first contract date",
        "vertragsbeginn",
    ),
    # What the customer earns, which is not what it pays.
    "turnover": (
        "annual revenue", "revenue", "company revenue", "company annual revenue", "account annual revenue",
        "customer revenue", "client revenue", "total revenue", "annual revenue converted", "annual turnover",
        "turnover", "annual sales",
    ),
}  # fmt: skip


def _with_api_names(words: tuple[str, ...]) -> tuple[str, ...]:
    """Add the words as programs name them: without spaces, and with the ending of a custom field of Salesforce."""
    names = (*words, *(word.replace(" ", "") for word in words if " " in word))
    return (*names, *(f"{name} c" for name in names))


# Field to the headings that mean it, the clearest first.
FIELDS: Mapping[str, tuple[str, ...]] = {field: _with_api_names(words) for field, words in _WORDS.items()}
_ARR_CURRENCIES = frozenset(f"{arr} currency{code}" for arr in FIELDS["arr"] for code in ("", " code", " iso code"))
_MONEY = frozenset({"amount", "amt", "arr", "mrr", "acv", "value", "price", "revenue", "forecast", "quantity"})


def is_monthly(heading: Heading) -> bool:
    """Return whether a heading says that its amounts are for a month.

    Examples
    --------
    >>> [is_monthly(Heading("arr", text, "A", 0)) for text in ("MRR (USD)", "MonthlyRecurringRevenue", "ARR")]
    [True, True, False]
    """
    words = normal(heading.heading).split()
    return heading.per == "month" or not {"mrr", "cmrr"}.isdisjoint(words) or "".join(words).startswith("monthly")


def _by_meaning(field: str, words: HeadingWords) -> str:
    """Leave out amounts and percents named like a date, percents of ARR, and ARR of other periods."""
    if field in ("renewal", "start"):
        return "" if words.percent or words.currency or not _MONEY.isdisjoint(words.whole.split()) else field
    if field == "arr":
        return field if not words.percent and words.per in ("", "month", "year") else ""
    return field


def _currency_of_arr(text: str) -> str:
    """Return ``currency`` for a heading such as "Total ARR currency"; empty for all others."""
    return "currency" if text.removesuffix(" c") in _ARR_CURRENCIES else ""


ACCOUNTS = Vocabulary(
    FIELDS,
    {},
    Limits("file of accounts"),
    "account",
    "accounts",
    "ARR",
    "Account, CSM or ARR",
    by_unit=_by_meaning,
    pattern=_currency_of_arr,
)
