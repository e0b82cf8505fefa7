"""Search for US areas by name."""

from __future__ import annotations

import pytest

from compplan.benchmarks import AreaError, all_areas, area, areas, find_area
from compplan.benchmarks.areas import state_code, state_name

FOUND = {
    "Austin": "Austin-Round Rock-San Marcos, TX",
    "austin tx": "Austin-Round Rock-San Marcos, TX",
    "Austin, Texas": "Austin-Round Rock-San Marcos, TX",
    "Round Rock": "Austin-Round Rock-San Marcos, TX",
    "0012420": "Austin-Round Rock-San Marcos, TX",
    "Austin-Round Rock-San Marcos, TX (metropolitan area)": "Austin-Round Rock-San Marcos, TX",
    "New York": "New York-Newark-Jersey City, NY-NJ",
    "New York, NY": "New York-Newark-Jersey City, NY-NJ",
    "New York state": "New York",
    "State of New York": "New York",
    "NY": "New York",
    "New York (state)": "New York",
    "Washington": "Washington-Arlington-Alexandria, DC-VA-MD-WV",
    "Washington DC": "Washington-Arlington-Alexandria, DC-VA-MD-WV",
    "Washington state": "Washington",
    "DC": "District of Columbia",
    "San Fran": "San Francisco-Oakland-Fremont, CA",
    "Oakland": "San Francisco-Oakland-Fremont, CA",
    "Portland ME": "Portland-South Portland, ME",
    "portland, oregon": "Portland-Vancouver-Hillsboro, OR-WA",
    "Saint Louis": "St. Louis, MO-IL",
    "Minneapolis": "Minneapolis-St. Paul-Bloomington, MN-WI",
    "Nashville": "Nashville-Davidson--Murfreesboro--Franklin, TN",
    "Louisville": "Louisville/Jefferson County, KY-IN",
    "Wilkes-Barre": "Scranton--Wilkes-Barre, PA",
    "Winston-Salem": "Winston-Salem, NC",
    "Salem": "Salem, OR",
    "coeur d’alene": "Coeur d'Alene, ID",
    "Kansas City": "Kansas City, MO-KS",
    "Kansas": "Kansas",
    "Texas": "Texas",
    "tx": "Texas",
    "West Virginia": "West Virginia",
    "Upper Peninsula": "Upper Peninsula of Michigan nonmetropolitan area",
    "United States": "United States",
}
SEVERAL = {
    "Portland": 2,
    "Springfield": 5,
    "Columbus": 3,
    "Wilmington": 2,
    "Arlington": 2,
    "Rochester": 2,
}


def test_all_areas_are_included() -> None:
    kinds = [one.kind for one in all_areas()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "metro": 393,
        "nonmetro": 135,
        "state": 54,
        "national": 1,
    }


@pytest.mark.parametrize(("query", "name"), FOUND.items())
def test_name_matches_one_area(query: str, name: str) -> None:
    assert find_area(query).name == name


@pytest.mark.parametrize(("query", "count"), SEVERAL.items())
def test_ambiguous_name_lists_all_matches(query: str, count: int) -> None:
    with pytest.raises(AreaError, match="matches more than one area") as caught:
        find_area(query)
    assert len(caught.value.matches) == count
    for name in caught.value.matches:
        assert name in str(caught.value)
        assert find_area(name).label == name


def test_long_list_of_matches_is_cut_with_a_count() -> None:
    with pytest.raises(AreaError, match=r"and \d+ more\. Enter one of these names"):
        find_area("san")


@pytest.mark.parametrize("one", all_areas(), ids=lambda one: one.code)
def test_area_is_found_by_code_and_label(one: object) -> None:
    assert find_area(one.code) is one  # type: ignore[attr-defined]
    assert find_area(one.label) is one  # type: ignore[attr-defined]
    assert one in areas(one.name)  # type: ignore[attr-defined]


def test_metropolitan_area_comes_before_the_state() -> None:
    assert [one.kind for one in areas("New York")[:2]] == ["metro", "state"]


@pytest.mark.parametrize("query", ["", "   ", "!?", "Toronto", "xyzzy", "A" * 10_000])
def test_unknown_name_raises_an_error(query: str) -> None:
    assert areas(query) == ()
    with pytest.raises(AreaError, match="No US area is called") as caught:
        find_area(query)
    assert caught.value.matches == ()
    assert len(str(caught.value)) < 300


def test_name_that_is_close_to_no_other_gets_advice() -> None:
    with pytest.raises(AreaError) as caught:
        find_area(" xyzzy ")
    assert caught.value.problems[0].message == "No US area is called 'xyzzy'. Enter a town or a state."


def test_misspelled_name_gets_a_suggestion() -> None:
    with pytest.raises(AreaError, match="Did you mean Austin"):
        find_area("Austn")
    with pytest.raises(AreaError, match="no area with the code '1'"):
        area("1")


def test_states_by_name_and_code() -> None:
    assert state_code("Colorado") == state_code("co") == "CO"
    assert state_name("co") == "Colorado"
    assert state_code("Atlantis") is None
    assert state_name("XX") is None


def test_states_of_an_area() -> None:
    assert find_area("Washington DC").states == ("DC", "VA", "MD", "WV")
    assert find_area("Texas").states == ("TX",)
    assert find_area("United States").states == ()
