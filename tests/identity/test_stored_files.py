from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from leadanalytics.errors import ReadError
from leadanalytics.identity.rules import MatchRules
from leadanalytics.identity.stored_files import read_columns, write_without
from leadanalytics.writing import write_table

FIRST_TWO = np.array([True, True, False])


def is_email(column):
    return column == "email"


def rewritten(path, removed):
    part = path.with_name(f"part{path.suffix}")
    write_without(path, part, removed)
    return part


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "email": ["ana@example.com", None, "bo@example.com"],
            "origin": pd.Categorical(["a.csv", "b.csv", "a.csv"]),
            "stage": pd.Categorical(["Install", "Test drive", "Install"], ["Test drive", "Install"], ordered=True),
            "n": [1, 2, 3],
        }
    )


@pytest.mark.parametrize("name", ["leads.csv", "leads.parquet", "leads.xlsx"])
def test_wanted_columns_are_read_as_text(frame, tmp_path, name):
    read = read_columns(write_table(frame, tmp_path / name), is_email)
    assert list(read.columns) == ["email"]
    assert read["email"].fillna("").tolist() == ["ana@example.com", "", "bo@example.com"]


def test_a_file_without_wanted_columns_still_has_rows(frame, tmp_path):
    path = write_table(frame.drop(columns="email"), tmp_path / "leads.csv")
    assert read_columns(path, is_email).shape == (3, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_is_left_of_a_delimited_file_is_left_byte_by_byte(tmp_path, delimiter):
    head, kept = b'\xef\xbb\xbf"email",note\r\n', b'bo@example.com,"two\r\nlines, M\xfcller ""quoted"""\r\n\r\n'
    gone = b'ana@example.com,"x\ny"\n' + b"ana@example.com,z\r\n"
    path = tmp_path / "leads.csv"
    path.write_bytes((head + gone + kept).replace(b",", delimiter.encode()))
    assert read_columns(path, is_email)["email"].tolist() == ["ana@example.com"] * 2 + ["bo@example.com"]
    assert rewritten(path, FIRST_TWO).read_bytes() == (head + kept).replace(b",", delimiter.encode())


def test_what_is_left_of_a_parquet_file_keeps_its_types(frame, tmp_path):
    path = write_table(frame, tmp_path / "leads.parquet")
    left = pd.read_parquet(rewritten(path, FIRST_TWO))
    assert left["email"].tolist() == ["bo@example.com"]
    assert left.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()
    assert left["stage"].cat.ordered


def test_no_dictionary_remembers_a_removed_value(frame, tmp_path):
    path = write_table(frame.assign(email=frame["email"].astype("category")), tmp_path / "leads.parquet")
    part = rewritten(path, FIRST_TWO)
    assert list(pd.read_parquet(part)["email"].cat.categories) == ["bo@example.com"]
    assert pyarrow.parquet.read_schema(part).names == ["email", "origin", "stage", "n"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("leads.json", b"[]", "not looked into"),
        ("leads.parquet", b"no such thing", "cannot be read"),
        ("leads.xlsx", b"no such thing", "cannot be read"),
        ("leads.csv", "email\nana@example.com\n".encode("utf-16"), "cannot be read"),
    ],
)
def test_what_cannot_be_read_says_so_without_a_path(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=reason) as error:
        read_columns(tmp_path / name, is_email)
    assert name not in str(error.value)


def test_pairs_of_records_that_go_leave_the_rules_of_a_frame_too(tmp_path):
    leads = pd.DataFrame({"record_id": ["r1", "r2", "r3"]})
    leads.attrs = {"mine": 1, "match_rules": MatchRules(same=[("r1", "r2")], different=[("r2", "r3")])}
    leads.to_parquet(tmp_path / "leads.parquet")
    write_without(tmp_path / "leads.parquet", tmp_path / "less.parquet", np.array([True, False, False]))
    left = pd.read_parquet(tmp_path / "less.parquet")
    assert left.attrs == {"mine": 1, "match_rules": MatchRules(different=[("r2", "r3")])}
