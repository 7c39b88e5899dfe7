import numpy as np
import pyarrow as pa
import pytest

from leadanalytics.errors import ReadError, TruncatedExportWarning
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
        ["a.csv", "azure_table", "cp1252", ";", 6, 5, 1, "a note"],
        ["b.json", "azure_table", "utf-8", None, 1, 1, 0, None],
    ]
    assert accounts.attributes() == {"delivered": 7, "set_aside": 1, "files": 2}


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
