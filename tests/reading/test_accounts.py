import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from leadanalytics.errors import AssumptionWarning, ReadError, TruncatedExportWarning
from leadanalytics.reading.accounts import Accounts
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import Contents, Part

LAYOUT = load_layouts()[0]


def block(read, rejects=0, **facts):
    part = Part(LAYOUT, pa.table({"LeadSource": ["x"] * read}), np.arange(read))
    contents = Contents(delivered=read + rejects, parts=[part] if read else [], **facts)
    for row in range(rejects):
        contents.set_aside(row, "broken", "")
    return contents


def test_blocks_of_a_file_are_one_row():
    accounts = Accounts()
    accounts.add("a.csv", block(2, encoding="utf-8", delimiter=";", notes=["a note"]))
    accounts.add("b.json", block(1, encoding="utf-8"))
    accounts.add("a.csv", block(3, rejects=1, encoding="cp1252", delimiter=";"))
    accounts.check()
    frame = accounts.frame().astype(object)
    assert frame.where(frame.notna(), None).to_numpy().tolist() == [
        ["a.csv", "azure_table", "cp1252", ";", 6, 5, 1, "broken", "a note"],
        ["b.json", "azure_table", "utf-8", None, 1, 1, 0, None, None],
    ]


def test_attributes_are_the_sums_and_the_time_of_reading():
    accounts = Accounts()
    accounts.add("a.csv", block(2, rejects=1))
    before = pd.Timestamp.now("UTC").floor("s")
    attributes = accounts.attributes()
    assert before <= pd.Timestamp(attributes.pop("read_at")) <= pd.Timestamp.now("UTC")
    assert attributes == {"delivered": 3, "set_aside": 1, "files": 1}


def test_attributes_are_plain_json_or_an_error():
    accounts = Accounts()
    accounts.add("a.csv", Contents(delivered=np.int64(2), parts=block(2).parts))
    with pytest.raises(ReadError, match="'delivered' of the type int64"):
        accounts.attributes()


def test_a_file_with_names_of_columns_only_says_so():
    accounts = Accounts()
    nothing = Part(LAYOUT, pa.table({"LeadSource": pa.array([], pa.large_string())}), np.arange(0))
    accounts.add("a.csv", Contents(parts=[nothing]))
    accounts.check()
    assert accounts.frame()["note"].tolist() == ["0 leads: no record stands below the names of the columns"]


def test_the_commonest_reason_is_the_reason_of_a_file():
    accounts = Accounts()
    contents = block(1, rejects=1)
    for row in (2, 3):
        contents.set_aside(row, "cut", "")
    contents.delivered = 4
    accounts.add("a.csv", contents)
    assert accounts.frame()["reason"].tolist() == ["cut"]


def test_no_lead_at_all_is_an_error_that_gives_the_first_reason():
    accounts = Accounts()
    accounts.add("a.csv", block(0, rejects=2))
    with pytest.raises(ReadError, match=r"none of 1 files holds leads; found in 'a\.csv': broken"):
        accounts.check()
    accounts.check(may_be_empty=True)


def test_records_that_do_not_add_up_are_an_error():
    accounts = Accounts()
    accounts.add("a.csv", Contents(delivered=2, parts=block(1).parts))
    with pytest.raises(ReadError, match="do not add up"):
        accounts.check()


def test_a_truncated_export_is_warned_about():
    accounts = Accounts()
    accounts.add("a.json", block(1, truncated=True))
    accounts.add("a.json", block(1))
    with pytest.warns(TruncatedExportWarning, match=r"'a\.json' may lack records"):
        accounts.warn_of_truncation(stacklevel=1)


def test_what_was_assumed_is_one_warning_a_file_and_stands_in_its_note():
    accounts = Accounts()
    accounts.add("a.csv", block(1, notes=["a note"], assumptions={"an order was assumed": 1, "{count} were read": 800}))
    accounts.add("a.csv", block(1, assumptions={"{count} were read": 700}))
    accounts.add("b.csv", block(1))
    with pytest.warns(AssumptionWarning) as caught:
        accounts.warn_of_assumptions(stacklevel=1)
    assert [str(warning.message) for warning in caught] == ["'a.csv': an order was assumed; 1,500 were read"]
    assert accounts.frame()["note"].tolist()[0] == "a note; an order was assumed; 1,500 were read"
