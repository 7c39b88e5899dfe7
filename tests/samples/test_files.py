from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from leadanalytics.errors import FrameError
from leadanalytics.samples import files, make_leads, sample_folder, sample_leads, write_samples

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SHAPES = Path(__file__).parents[1] / "data" / "shapes"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def calls(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_samples_of_the_project_are_what_is_written(folder):
    assert {path.name: path.read_bytes() for path in SAMPLES.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_the_samples_are_small_and_end_lines_with_lf(folder):
    contents = [path.read_bytes() for path in folder.iterdir()]
    assert sum(map(len, contents)) < 1_200_000
    assert all(b"\r" not in content for content in contents)


def test_each_lead_is_in_one_file(folder):
    table = rows(folder / "azure_table_leads.csv")[1:]
    salesforce = rows(folder / "salesforce_leads.csv")[1:]
    assert len(table) + len(calls(folder / "https_leads.jsonl")) + len(salesforce) == len(sample_leads())
    assert len({tuple(row[:2]) for row in table}) == len(table)
    assert len({row[0] for row in salesforce}) == len(salesforce)


def test_some_customers_are_in_two_files(folder):
    in_table = {row[7] for row in rows(folder / "azure_table_leads.csv")[1:]}
    in_calls = {
        json.dumps(call["body"]["UserDetails"], ensure_ascii=False)
        for call in calls(folder / "https_leads.jsonl")
        if "UserDetails" in call["body"]
    }
    assert in_table & in_calls


def test_the_table_has_the_shape_of_a_typed_export(folder):
    header, *entities = rows(folder / "azure_table_leads.csv")
    assert header == rows(SHAPES / "azure_table_storage_explorer_typed.csv")[0]
    assert all(set(entity[4::2]) == {"String"} for entity in entities)
    assert entities == sorted(entities, key=lambda entity: entity[:2])


def test_the_capture_mixes_the_cases_of_its_keys_and_the_forms_of_the_source(folder):
    bodies = [call["body"] for call in calls(folder / "https_leads.jsonl")]
    pascal = {"UserDetails", "LeadSource", "ActionCode", "OfferTitle", "Description"}
    camel = {name[0].lower() + name[1:] for name in pascal}
    assert {frozenset(body) for body in bodies} == {frozenset(pascal), frozenset(camel)}
    sources = {body.get("LeadSource", body.get("leadSource")) for body in bodies}
    assert "AzureMarketplace" in sources and "AzureMarketplace-INS|contoso-samples.flowguard-saas" in sources


def test_the_salesforce_file_has_the_shape_of_data_loader(folder):
    header, *leads = rows(folder / "salesforce_leads.csv")
    assert header == rows(SHAPES / "salesforce_data_loader.csv")[0]
    assert all(lead[0].startswith("00Q") and len(lead[0]) == 18 and lead[2] and lead[3] for lead in leads)


def test_other_leads_can_be_written(tmp_path):
    raw = make_leads(customers=20, seed=3)
    paths = write_samples(tmp_path / "new", raw=raw)
    assert [path.name for path in paths] == ["azure_table_leads.csv", "https_leads.jsonl", "salesforce_leads.csv"]
    assert len(rows(paths[0])) + len(calls(paths[1])) + len(rows(paths[2])) - 2 == len(raw)


def test_a_frame_of_another_kind_is_refused(tmp_path):
    with pytest.raises(FrameError, match="customer_info"):
        write_samples(tmp_path, raw=make_leads(customers=3).drop(columns="customer_info"))


def test_the_sample_folder_is_the_projects_own():
    assert sample_folder() == SAMPLES


def test_without_the_project_the_samples_are_made(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "installed" / "leadanalytics" / "samples" / "files.py"))
    monkeypatch.setattr(files.tempfile, "tempdir", str(tmp_path))
    assert rows(sample_folder() / "azure_table_leads.csv") == rows(folder / "azure_table_leads.csv")
