import bisect
import itertools
from threading import Event

import pytest
from faulty_proxy import faulty_proxy, status
from hypothesis import given
from hypothesis import strategies as st
from table_endpoint import ISO_DATES, US_DATES, made_leads, table_endpoint

from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.cuts import find_cuts, look_for_cuts, partition_filters
from leadanalytics.reading.azure_table.patience import Patience


def test_cuts_go_into_filters_with_their_quotes_doubled():
    assert partition_filters(["O'Hara"]) == ["PartitionKey lt 'O''Hara'", "PartitionKey ge 'O''Hara'"]


def test_without_cuts_there_is_one_range():
    assert partition_filters([]) == [""]
    assert partition_filters([], after=("p", "r")) == ["PartitionKey gt 'p'"]


def lookup(keys):
    """Return what gives the first key at or after a text and before another, and the list of what was asked."""
    asked = []

    def next_key(start, end):
        asked.append(start)
        place = bisect.bisect_left(keys, start)
        return keys[place] if place < len(keys) and (end is None or keys[place] < end) else None

    return next_key, asked


@pytest.mark.parametrize("keys", [US_DATES, ISO_DATES], ids=["us dates", "iso dates"])
def test_few_questions_find_cuts_into_parts_of_like_size(keys):
    keys = sorted(keys)
    next_key, asked = lookup(keys)
    cuts = find_cuts(next_key, keys[0], wanted=16)
    places = [0, *(bisect.bisect_left(keys, cut) for cut in cuts), len(keys)]
    sizes = [end - start for start, end in itertools.pairwise(places)]
    assert len(asked) <= 40
    assert len(cuts) >= 11
    assert max(sizes) < len(keys) / 4


@given(st.sets(st.text("aAb1'~ü\U0001f600", max_size=4), min_size=1))
def test_cuts_are_sorted_and_no_part_is_empty(keys):
    keys = sorted(keys)
    next_key, _ = lookup(keys)
    cuts = find_cuts(next_key, keys[0], wanted=6)
    places = [0, *(bisect.bisect_left(keys, cut) for cut in cuts), len(keys)]
    assert all(start < end for start, end in itertools.pairwise(places))


@pytest.mark.parametrize("habits", [{}, {"empty_pages": True}], ids=["plain", "empty pages"])
def test_cuts_of_a_live_table_are_beginnings_of_its_keys(habits):
    leads = [lead | {"PartitionKey": key} for key, lead in zip(ISO_DATES, made_leads(len(ISO_DATES)))]
    with table_endpoint(leads, **habits) as endpoint:
        cuts = look_for_cuts(
            open_table(connection_string=endpoint.connection_string), 4, Patience(), "2023-03-01", Event()
        )
    assert {"2024"} < set(cuts)
    assert all(any(key.startswith(cut) for key in ISO_DATES) for cut in cuts)


def test_a_table_without_rows_or_that_does_not_answer_has_no_cuts():
    with table_endpoint([]) as endpoint, faulty_proxy(endpoint.port, status(403)) as proxy:
        refusing = endpoint.connection_string.replace(str(endpoint.port), str(proxy.port))
        for connection_string in (endpoint.connection_string, refusing):
            assert look_for_cuts(open_table(connection_string=connection_string), 4, Patience(), "", Event()) == []


def test_looking_stops_when_nobody_wants_to_know():
    stop = Event()
    stop.set()
    with table_endpoint(made_leads(3)) as endpoint:
        assert look_for_cuts(open_table(connection_string=endpoint.connection_string), 4, Patience(), "", stop) == []
        assert endpoint.queries == []
