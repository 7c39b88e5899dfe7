"""The whole job on every kind of file: the same leads give the same files and the same numbers."""

import pandas as pd
import pytest
from containers import CONTAINERS, sample_records

import leadanalytics as la
from leadanalytics.cli import main

FILES = [
    *("customers.csv", "customers.xlsx", "funnel.csv", "funnel.png", "funnel.svg"),
    *("leads.parquet", "left_out.csv", "rejects.csv"),
]


def run(folder, name):
    """Do the job on one kind of file as the command line does; return the folder of the results."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(CONTAINERS[name](sample_records(la.sample_folder() / "azure_table_leads.csv")))
    with pytest.raises(SystemExit) as ended:
        main(["run", str(folder / name), "--out", str(folder / "out"), "--strict"])
    assert ended.value.code == 0
    return folder / "out"


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    out = run(tmp_path_factory.mktemp("csv"), "leads.csv")
    customers, counts = pd.read_csv(out / "customers.csv"), pd.read_csv(out / "funnel.csv")
    assert len(customers) > 20
    assert counts["n"].sum() > 10
    return customers, counts


@pytest.mark.parametrize("name", [name for name in CONTAINERS if name != "leads.csv"])
def test_the_whole_job_gives_the_same_from_every_kind_of_file(tmp_path, wanted, name):
    out = run(tmp_path, name)
    assert [path.name for path in sorted(out.iterdir())] == FILES
    customers, counts = wanted
    pd.testing.assert_frame_equal(pd.read_csv(out / "customers.csv"), customers)
    pd.testing.assert_frame_equal(pd.read_csv(out / "funnel.csv"), counts)
    assert len(pd.read_parquet(out / "leads.parquet")) == 60
    assert pd.read_csv(out / "rejects.csv").empty
