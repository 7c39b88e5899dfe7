import threading

import pytest
from faulty_proxy import faulty_proxy, status
from table_endpoint import ISO_DATES, US_DATES, keys_of, made_leads, table_endpoint

from leadanalytics.errors import AccessError
from leadanalytics.reading.azure_table.accounts import open_table
from leadanalytics.reading.azure_table.cuts import partition_filters
from leadanalytics.reading.azure_table.ranges import are_worth_threads, scan_each, scan_ranges


def leads_at(partitions):
    return [lead | {"PartitionKey": key} for key, lead in zip(partitions, made_leads(len(partitions)))]


def table_of(endpoint):
    return open_table(connection_string=endpoint.connection_string)


def keys_in_order(numbered):
    pages = sorted(numbered, key=lambda pair: pair[0])
    return keys_of(row for _, page in pages for row in page.rows.to_pylist())


@pytest.mark.parametrize("partitions", [US_DATES[::8], ISO_DATES[::8], ["only one"] * 60], ids=["us", "iso", "one"])
@pytest.mark.parametrize(
    "habits", [{}, {"breaks_at_partitions": True}, {"empty_pages": True}], ids=["plain", "breaks", "empty pages"]
)
def test_ranges_miss_and_double_nothing(partitions, habits):
    leads = leads_at(partitions)
    with table_endpoint(leads, page_size=10, **habits) as endpoint:
        come = list(scan_ranges(table_of(endpoint), threads=4))
    assert keys_in_order(come) == sorted(keys_of(leads))
    assert (len({number for number, _ in come}) > 4) == (len(set(partitions)) > 1)


def test_a_slow_table_is_read_in_ranges_after_a_few_pages():
    leads = leads_at(ISO_DATES)
    with table_endpoint(leads, page_size=6, latency=0.02) as endpoint:
        come = list(scan_ranges(table_of(endpoint)))
    assert keys_in_order(come) == sorted(keys_of(leads))
    assert [number for number, _ in come[:3]] == [0, 0, 0]
    assert len({number for number, _ in come}) > 4


def test_a_table_smaller_than_the_pages_that_are_timed():
    with table_endpoint(made_leads(5)) as endpoint:
        come = list(scan_ranges(table_of(endpoint)))
        assert len(endpoint.queries) == 3
    assert keys_in_order(come) == keys_of(made_leads(5))


def test_one_thread_is_one_range():
    with table_endpoint(leads_at(ISO_DATES), page_size=100, latency=0.02) as endpoint:
        come = list(scan_ranges(table_of(endpoint), threads=1))
    assert {number for number, _ in come} == {0}


@pytest.mark.parametrize("entities", [[], made_leads(1), leads_at(ISO_DATES)], ids=["none", "one", "many"])
def test_several_threads_need_no_slow_page(entities):
    with table_endpoint(entities, page_size=50) as endpoint:
        come = list(scan_ranges(table_of(endpoint), threads=4))
    assert keys_in_order(come) == sorted(keys_of(entities))


def test_a_table_that_ended_while_it_was_timed_is_not_read_again():
    with table_endpoint(made_leads(3), empty_pages=True, latency=0.05) as endpoint:
        come = list(scan_ranges(table_of(endpoint), filter="PartitionKey eq 'no such'"))
        assert len(endpoint.queries) == len(come)
    assert keys_in_order(come) == []


def test_pages_are_slow_when_they_are_waited_for_longer_than_worked_on():
    assert are_worth_threads([(0.06, 0.01), (0.04, 0.02)])
    assert not are_worth_threads([(0.06, 0.03), (0.02, 0.01)])


def test_a_table_that_cannot_be_cut_is_read_in_one_piece():
    with table_endpoint(leads_at(ISO_DATES[::8]), page_size=20) as endpoint:
        with faulty_proxy(endpoint.port, status(400), when=(1).__eq__) as proxy:
            address = endpoint.connection_string.replace(str(endpoint.port), str(proxy.port))
            come = list(scan_ranges(open_table(connection_string=address), threads=4))
    assert {number for number, _ in come} == {0}
    assert len(keys_in_order(come)) == len(ISO_DATES[::8])


def test_a_filter_holds_in_every_range():
    leads = leads_at(ISO_DATES)
    time = leads[100]["Timestamp"]
    with table_endpoint(leads, page_size=20) as endpoint:
        come = list(scan_ranges(table_of(endpoint), filter=f"Timestamp ge datetime'{time}'", threads=4))
    assert keys_in_order(come) == sorted(keys_of(leads[100:]))


def test_a_filter_that_lets_nothing_through_at_first_is_read_in_ranges_too():
    leads = leads_at(ISO_DATES)
    time = leads[-1]["Timestamp"]
    with table_endpoint(leads, latency=0.01, breaks_at_partitions=True) as endpoint:
        come = list(scan_ranges(table_of(endpoint), filter=f"Timestamp ge datetime'{time}'"))
    assert keys_in_order(come) == keys_of(leads[-1:])


def test_an_error_in_a_range_ends_all_and_leaves_no_thread():
    before = set(threading.enumerate())
    with table_endpoint(leads_at(ISO_DATES), page_size=20) as endpoint:
        with faulty_proxy(endpoint.port, status(403), when=lambda number: number > 60) as proxy:
            address = endpoint.connection_string.replace(str(endpoint.port), str(proxy.port))
            with pytest.raises(AccessError) as raised:
                list(scan_ranges(open_table(connection_string=address), threads=4))
    assert raised.value.resume is None
    assert 0 < raised.value.rows < len(ISO_DATES)
    assert not [thread for thread in set(threading.enumerate()) - before if "(_read)" in thread.name]


def test_an_interruption_passes_through_and_leaves_no_thread():
    before = set(threading.enumerate())
    with table_endpoint(leads_at(ISO_DATES), page_size=10) as endpoint:
        with pytest.raises(KeyboardInterrupt):
            for place, _ in enumerate(scan_each(table_of(endpoint), partition_filters(["2023-06", "2024"]), threads=3)):
                if place == 2:
                    raise KeyboardInterrupt
    assert not [thread for thread in set(threading.enumerate()) - before if "(_read)" in thread.name]
