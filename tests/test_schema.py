import pandas as pd
import pytest

from leadanalytics.errors import FrameError
from leadanalytics.schema import CODE, FLAG, KINDS, check, conform, empty


def test_check_passes_a_frame_that_has_what_it_needs():
    check(pd.DataFrame({"a": [1], "b": [2]}), "raw", columns=["b"])


def test_check_names_the_missing_column_the_near_miss_and_the_maker():
    with pytest.raises(FrameError, match=r"needs the column 'depth'; found 'depht'; make one with build_funnels"):
        check(pd.DataFrame({"depht": [1]}), "funnels", columns=["depth"])


def test_a_kind_of_several_words_is_named_as_one():
    said = "a frame of the kind 'leads with customer_id' needs the columns 'stage', 'customer_id'; found 'created_at'"
    with pytest.raises(FrameError, match=said):
        check(pd.DataFrame({"created_at": [1], "record_id": ["r1"]}), "leads with customer_id")


def test_check_refuses_what_is_no_frame():
    with pytest.raises(FrameError, match="a frame of the kind 'raw' is needed; found list"):
        check([1, 2], "raw")


def test_conform_adds_the_columns_that_are_absent_and_keeps_the_others():
    raw = conform(pd.DataFrame({"colour": ["red"], "record_id": ["r1"]}), "raw")
    assert list(raw.columns) == [*KINDS["raw"].names, "colour"]
    assert raw["email"].isna().all()
    assert raw["origin_row"].tolist() == [0]


def test_conform_gives_every_column_its_dtype():
    leads = conform(
        pd.DataFrame(
            {"record_id": ["r1"], "created_at": pd.to_datetime(["2024-01-01"], utc=True), "stage": ["Install"]}
        ),
        "leads",
    )
    for column in KINDS["leads"].columns:
        if column.dtype is CODE:
            assert isinstance(leads[column.name].dtype, pd.CategoricalDtype)
        else:
            assert leads[column.name].dtype == column.dtype, column.name


def test_conform_keeps_the_index_and_does_not_touch_its_input():
    frame = pd.DataFrame({"record_id": ["r1", "r2"]}, index=[7, 3])
    assert conform(frame, "raw").index.tolist() == [7, 3]
    assert list(frame.columns) == ["record_id"]


def test_conform_refuses_times_without_a_zone():
    frame = pd.DataFrame({"record_id": ["r"], "created_at": pd.to_datetime(["2024-01-01"]), "stage": ["Install"]})
    with pytest.raises(FrameError, match="tz_localize"):
        conform(frame, "leads")


def test_conform_refuses_a_dtype_that_cannot_be():
    with pytest.raises(FrameError, match="origin_row"):
        conform(pd.DataFrame({"record_id": ["r"], "origin_row": ["first"]}), "raw")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_frame_is_of_its_kind(kind):
    frame = empty(kind)
    check(frame, kind)
    assert len(frame) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_every_kind_says_what_it_means(kind):
    assert all(column.meaning for column in KINDS[kind].columns)
    assert len(set(KINDS[kind].names)) == len(KINDS[kind].names)


def test_flags_that_are_absent_are_false():
    frame = pd.DataFrame({"record_id": ["r"], "created_at": pd.to_datetime(["2024-01-01"], utc=True), "stage": [None]})
    assert conform(frame, "leads")["is_test"].dtype == FLAG
    assert not conform(frame, "leads")["is_test"].any()
