import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.reading.azure_table import merging
from leadanalytics.reading.azure_table.merging import (
    Tally,
    aligned,
    fit_columns,
    in_batches,
    merge_rows,
    newest_rows,
    sorted_index,
    sorted_rows,
)

COLUMNS = ("PartitionKey", "RowKey", "Timestamp", "Description")
DAY = "2024-02-27T05:41:09"


def entities(*rows):
    """Return entities of a partition key, a row key, the digits after the second, and a text."""
    texts = [(partition, row, digits and f"{DAY}{digits}Z", text) for partition, row, digits, text in rows]
    columns = zip(*texts) if texts else [[]] * 4
    return pa.table({name: pa.array(values, pa.large_string()) for name, values in zip(COLUMNS, columns)})


def texts(rows):
    return [f"{row['PartitionKey']}{row['RowKey']}={row['Description']}" for row in rows.to_pylist()]


def merge(old, new, present=None, *, drop_gone=False):
    tally = Tally()
    streams = [iter([rows] if rows.num_rows else []) for rows in (old, new)]
    keys = None if present is None else iter([present] if present.num_rows else [])
    merged = list(merge_rows(*streams, keys, drop_gone=drop_gone, tally=tally))
    return [text for rows in merged for text in texts(rows)], tally


def test_rows_one_tick_apart_are_told_apart():
    rows = entities(("a", "1", ".0000002", "newer"), ("a", "1", ".0000001", "older"), ("a", "0", ".1", "other"))
    assert texts(newest_rows(rows)) == ["a0=other", "a1=newer"]


def test_a_time_with_fewer_digits_is_compared_as_a_time():
    rows = entities(
        ("a", "1", ".01", "newer"), ("a", "1", "", "older"), ("a", "2", ".2", "newer"), ("a", "2", ".15", "older")
    )
    assert texts(newest_rows(rows)) == ["a1=newer", "a2=newer"]


def test_of_equally_new_rows_the_last_counts_and_a_time_beats_none():
    rows = entities(
        ("a", "1", ".1", "first"), ("a", "1", ".1", "last"), ("b", "1", ".1", "timed"), ("b", "1", None, "no")
    )
    assert texts(newest_rows(rows)) == ["a1=last", "b1=timed"]


def test_keys_are_compared_in_both_parts():
    rows = entities(("a", "bc", ".1", "x"), ("ab", "c", ".1", "y"), ("", "abc", ".1", "z"))
    assert len(newest_rows(rows)) == 3


def test_new_changed_and_equal_rows_are_counted():
    old = entities(("a", "1", ".1", "same"), ("a", "2", ".1", "before"), ("a", "3", ".5", "stays"))
    new = entities(
        ("a", "1", ".1", "same"), ("a", "2", ".2", "after"), ("a", "3", ".4", "late"), ("a", "4", ".2", "new")
    )
    kept, tally = merge(old, new)
    assert kept == ["a1=same", "a2=after", "a3=stays", "a4=new"]
    assert tally == Tally(new=1, changed=1, gone=0, total=4)


def test_a_property_that_appears_or_goes_is_a_change():
    old = entities(("a", "1", ".1", None), ("a", "2", ".1", "text"))
    new = entities(("a", "1", ".2", ""), ("a", "2", ".2", None))
    assert merge(old, new)[1].changed == 2


def test_rows_that_are_gone_are_counted_and_dropped_only_on_demand():
    old = entities(("a", "1", ".1", "gone"), ("a", "2", ".1", "here"), ("b", "1", ".1", "gone"))
    keys = entities(("a", "2", None, None))
    nothing = entities()
    assert merge(old, nothing, keys)[1] == Tally(gone=2, total=3)
    kept, tally = merge(old, nothing, keys, drop_gone=True)
    assert kept == ["a2=here"]
    assert tally == Tally(gone=2, total=1)
    assert merge(old, nothing, nothing, drop_gone=True)[0] == []


def test_streams_are_cut_at_common_keys():
    left = iter([entities(("a", "1", "", ""), ("b", "1", "", "")), entities(("c", "1", "", ""))])
    right = iter([entities(("a", "2", "", ""), ("d", "1", "", ""))])
    steps = [[rows and rows["PartitionKey"].to_pylist() for rows in step] for step in aligned(left, right)]
    assert steps == [[["a", "b"], ["a"]], [["c"], None], [None, ["d"]]]


def test_pages_are_read_in_the_order_of_their_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(merging, "BATCH", 2)
    pages = []
    for number, rows in enumerate(
        [
            entities(("b", "1", ".1", "older"), ("c", "1", ".1", "c")),
            pa.table({}),
            entities(("a", "1", ".1", "a"), ("b", "1", ".2", "newer"), ("d", "1", ".1", "d")),
        ]
    ):
        pages.append(tmp_path / f"{number}.parquet")
        pq.write_table(rows, pages[-1])
    index = sorted_index(pages)
    assert [texts(rows) for rows in sorted_rows(pages, index, COLUMNS)] == [["a1=a", "b1=newer"], ["c1=c", "d1=d"]]
    assert sorted_index([]).num_rows == 0


def test_columns_that_rows_lack_are_empty_text():
    rows = fit_columns(pa.table({"RowKey": [7]}), ("PartitionKey", "RowKey"))
    assert rows.to_pylist() == [{"PartitionKey": None, "RowKey": "7"}]
    assert set(rows.schema.types) == {pa.large_string()}


KEYS = st.tuples(st.sampled_from(["", "a", "ab", "\U0001f600", "\uffff"]), st.sampled_from("xyz"))
TABLES = st.dictionaries(KEYS, st.integers(0, 3), max_size=12)


@pytest.mark.parametrize("batch", [1, 3])
@given(old=TABLES, new=TABLES, keys=st.none() | st.sets(KEYS))
def test_a_merge_in_batches_is_that_of_two_dictionaries(batch, old, new, keys):
    kept = old | {key: time for key, time in new.items() if time >= old.get(key, -1)}
    if keys is not None:
        kept = {key: time for key, time in kept.items() if key in keys}

    def stream(times):
        rows = entities(*((*key, f".{time}", str(time)) for key, time in sorted(times.items())))
        return (rows.slice(start, batch) for start in range(0, rows.num_rows, batch))

    tally = Tally()
    present = None if keys is None else stream(dict.fromkeys(keys, 0))
    merged = pa.concat_tables(
        [entities(), *merge_rows(stream(old), stream(new), present, drop_gone=True, tally=tally)]
    ).to_pylist()
    assert [(row["PartitionKey"], row["RowKey"]) for row in merged] == sorted(kept)
    assert [int(row["Description"]) for row in merged] == [kept[key] for key in sorted(kept)]
    assert tally.new == len(new.keys() - old.keys())
    assert tally.changed == sum(time > old[key] for key, time in new.items() if key in old)
    assert tally.total == len(kept) == len(old) + tally.new - tally.gone


def test_a_table_is_cut_into_batches(monkeypatch):
    monkeypatch.setattr(merging, "BATCH", 2)
    assert [rows.num_rows for rows in in_batches(entities(*[("a", str(n), "", "") for n in range(5)]))] == [2, 2, 1]
