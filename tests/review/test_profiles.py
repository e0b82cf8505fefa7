"""What each guide says about a measure."""

from __future__ import annotations

from compplan.measures import catalog, views
from compplan.review.profiles import GUIDES, PROFILES, elements


def test_an_element_has_the_views_of_the_guides_in_the_order_of_the_profiles() -> None:
    order = list(GUIDES.values())
    listed = elements()
    assert [e.measure for e in listed] == [key for key in catalog() if any(v.source in order for v in views(key))]
    for element in listed:
        assert element.name == catalog()[element.measure].name
        sources = [view.source for view in element.views]
        assert sources == [source for source in order if source in {v.source for v in views(element.measure)}]
        for profile in PROFILES:
            assert (element.stance(profile) is None) == (GUIDES[profile] not in sources)
    assert max(len(e.views) for e in listed) > 1
