"""Files of accounts as CRM systems export them: the column of ARR, its unit and currency, and lines of an account."""

from __future__ import annotations

import pytest

from compplan.capacity import AccountsReading, CapacityError, read_accounts


def read(text: str, **options: object) -> AccountsReading:
    return read_accounts(text.encode(), "accounts.csv", **options)  # type: ignore[arg-type]


def notes(reading: AccountsReading) -> str:
    return "\n".join(map(str, reading.notes))


def test_annual_revenue_is_not_arr() -> None:
    reading = read(
        "Account Name,Account Owner,Annual Revenue,Total ARR\nAcme,Jo Doe,950000000,120000\n"
        "Globex,Al Roe,120000000,80000\n"
    )
    assert reading.accounts["arr"].tolist() == [120_000, 80_000]
    assert "Column C (Annual Revenue): The heading usually means what the customer earns" in notes(reading)
    assert reading.unused == ("Annual Revenue",)


@pytest.mark.parametrize(
    "heading", ["Annual Revenue", "AnnualRevenue", "Revenue", "Company revenue", "Annual Revenue (USD)"]
)
def test_annual_revenue_alone_is_a_question(heading: str) -> None:
    text = f"Account,CSM,{heading}\nAcme,Jo Doe,950000000\n"
    with pytest.raises(CapacityError, match=r"no ARR column.*usually means what the customer earns; choose it only if"):
        read(text)
    assert read(text, mapping={"arr": heading}).accounts["arr"].tolist() == [950_000_000]


@pytest.mark.parametrize(
    ("heading", "cell", "arr", "currency"),
    [
        ("ARR ($K)", "120", 120_000, "USD"),
        ("ARR (in thousands)", "120", 120_000, ""),
        ("ARR (k EUR)", "120.5", 120_500, "EUR"),
        ("ARR K", "120", 120_000, ""),
        ("ARR ($000s)", "120", 120_000, "USD"),
        ("ARR in $ thousands", "120", 120_000, "USD"),
        ("ARR (M)", "0.12", 120_000, ""),
        ("ARR ($M)", "1.2", 1_200_000, "USD"),
        ("ARR (EUR m)", "1.2", 1_200_000, "EUR"),
        ("ARR (in millions)", "0.5", 500_000, ""),
        ("ARR (GBP)", "120000", 120_000, "GBP"),
        ("US$ ARR", "120000", 120_000, "USD"),
        ("MRR", "10000", 120_000, ""),
        ("MRR ($K)", "10", 120_000, "USD"),
        ("Monthly Recurring Revenue", "10000", 120_000, ""),
        ("Monthly Recurring Revenue (MRR)", "10000", 120_000, ""),
        ("MonthlyRecurringRevenue", "10000", 120_000, ""),
        ("Annual Recurring Revenue (ARR)", "120000", 120_000, ""),
        ("ARR__c", "120000", 120_000, ""),
    ],
)
def test_arr_is_in_the_unit_that_its_heading_says(heading: str, cell: str, arr: float, currency: str) -> None:
    reading = read(f"Account,CSM,{heading}\nAcme,Jo Doe,{cell}\n")
    assert reading.accounts["arr"].tolist() == [arr]
    assert reading.accounts["currency"].tolist() == [currency]


@pytest.mark.parametrize("heading", ["ARR %", "ARR growth", "Total Contract Value", "Renewal ARR", "Weekly ARR"])
def test_other_amounts_are_not_arr(heading: str) -> None:
    with pytest.raises(CapacityError, match="no ARR column"):
        read(f"Account,CSM,{heading}\nAcme,Jo Doe,120000\n")


def test_newest_year_of_arr_is_read_and_the_other_is_a_doubt() -> None:
    for headings in ("ARR 2025,ARR 2026", "ARR FY25,ARR FY26"):
        reading = read(f"Account,CSM,{headings}\nAcme,Jo Doe,100,200\n")
        assert reading.accounts["arr"].tolist() == [200]
        assert "The heading can mean the same as 'ARR " in notes(reading)


@pytest.mark.parametrize(
    "heading",
    ["ARR Currency", "Account Currency", "CurrencyIsoCode", "Currency", "Total ARR Currency Code", "currency_code"],
)
def test_currency_column_of_each_system(heading: str) -> None:
    reading = read(f"Account Name,CSM,ARR,{heading}\nAcme,Jo Doe,120000,EUR\nInitech,Al Roe,90000,\n")
    assert reading.accounts["currency"].tolist() == ["EUR", "EUR"]
    assert "all others in the file have this one" in notes(reading)


def test_sign_in_the_heading_agrees_with_the_currency_column() -> None:
    reading = read("Account,CSM,ARR ($),Currency\nA,E1,10,CAD\nB,E1,20,EUR\n")
    assert reading.accounts["currency"].tolist() == ["CAD"]
    assert "name different currencies" in notes(reading)


@pytest.mark.parametrize("word", ["Unassigned", "N/A", "TBD", "-", "none", "(blank)", "#N/A", "No owner", "tbd"])
def test_word_for_nobody_is_no_owner(word: str) -> None:
    reading = read(f"Account,CSM,ARR\nAcme,{word},5\nGlobex,Jo,7\n")
    assert reading.accounts["owner"].tolist() == ["", "Jo"]
    assert f"Line 2, B2 (CSM): {word!r}: The account has no owner" in notes(reading)


def test_lines_of_one_account_are_added() -> None:
    reading = read(
        "Account ID,Account,CSM,Product,ARR,Renewal date,Tier\n"
        "1,Acme,Jo,A,10,2026-03-01,SMB\n1,Acme,,B,20,2026-05-01,Enterprise\n2,Acme,Jo,B,40,2026-05-01,\n"
    )
    accounts = reading.accounts
    assert accounts["arr"].tolist() == [30, 40]
    assert accounts["owner"].tolist() == ["Jo", "Jo"]
    assert accounts["segment"].tolist()[0] == "enterprise"
    assert accounts["renewal"].dt.strftime("%m").tolist() == ["03", "05"]
    assert accounts.index.tolist() == [2, 4]
    assert "1 row belongs to an account that another row has too." in notes(reading)
    assert "Line 2, F2 (Renewal date): '2026-03-01': The rows of the account have different renewal dates." in notes(
        reading
    )
    assert "no owner" not in notes(reading)


def test_lines_without_an_id_are_one_account_by_name() -> None:
    reading = read("Account,CSM,Product,ARR\nAcme,Jo,A,10\nACME ,Jo,B,20\n")
    assert reading.accounts[["account", "arr"]].to_numpy().tolist() == [["ACME", 30]]


def test_repeated_row_is_skipped_and_its_arr_is_left_out() -> None:
    reading = read("Account,CSM,ARR\nAcme,Jo,10\nAcme,Jo,10\nAcme,Jo,7\n")
    assert reading.accounts["arr"].tolist() == [17]
    assert reading.left_out == {"": 10}
    assert "Line 3, A3 (Account): 'Acme': The same row is on line 2 too." in notes(reading)


def test_account_of_two_owners_stays_in_both_books_with_a_doubt() -> None:
    reading = read("Account,CSM,ARR\nAcme,Jo,10\nAcme,Al,7\n")
    assert reading.accounts["arr"].tolist() == [10, 7]
    assert "Line 3, B3 (CSM): 'Al': The account is on line 2 too, with another owner." in notes(reading)


def test_lines_of_an_account_in_two_currencies_are_not_added() -> None:
    reading = read("Account,CSM,ARR,Currency\nAcme,Jo,10,EUR\nAcme,Jo,7,USD\n")
    assert reading.kept == {"EUR": 10, "USD": 7}


@pytest.mark.parametrize("heading", ["Renewal Amount", "Renewal Value", "Renewal %", "Renewal (USD)", "Start Value"])
def test_amount_named_like_a_date_is_no_date(heading: str) -> None:
    reading = read(f"Account,CSM,ARR,{heading},Next Renewal Date\nAcme,Jo Doe,120000,46500,2026-03-01\n")
    assert reading.accounts["renewal"].astype(str).tolist() == ["2026-03-01"]
    assert heading in reading.unused
    without = read(f"Account,CSM,ARR,{heading}\nAcme,Jo Doe,120000,46500\n")
    assert without.accounts[["renewal", "start"]].isna().all().all()


def test_sentences_say_what_was_read_and_what_was_left_out() -> None:
    reading = read(
        "Account,CSM,ARR,Currency,Health\nAcme,Jo,100,USD,x\nAcme,Jo,100,USD,x\nGlobex,Al,€50,USD,x\n\nTotal,,999,,\n"
        "Hooli,Al,soon,USD,x\n"
    )
    assert reading.sentences() == (
        (
            "Columns: account from 'Account', owner from 'CSM', ARR from 'ARR', currency from 'Currency'. "
            "Not read: 'Health'."
        ),
        "accounts.csv: 7 rows = 1 heading + 1 read as is + 1 blank + 1 total + 1 duplicate + 2 not readable.",
        "ARR: 50 without a currency in the file = 0 read + 50 left out.",
        "ARR: 200 USD in the file = 100 read + 100 left out.",
        "ARR: 1 row that was left out has no amount that can be read.",
    )
