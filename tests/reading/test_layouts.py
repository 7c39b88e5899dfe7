import pytest

from leadanalytics.errors import OptionError, ReadError
from leadanalytics.reading import detect_layout, load_layouts
from leadanalytics.reading.choosing import choose_layouts
from leadanalytics.reading.layouts import fold

AZURE_TABLE = ["PartitionKey", "RowKey", "Timestamp", "ActionCode", "CustomerInfo", "LeadSource"]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (AZURE_TABLE, "azure_table"),
        (["ActionCode", "ActionCode@type", "CustomerInfo", "CustomerInfo@type"], "azure_table"),
        (["userDetails", "leadSource", "offerTitle"], "https"),
        (["Title", "FirstName", "LeadSource", "ActionCode", "Created"], "https_flat"),
        (["ID", "FIRSTNAME", "LASTNAME", "COMPANY", "LEADSOURCE", "CREATEDDATE"], "salesforce_api"),
        (["record_id", "lead_source", "created"], "leadanalytics"),
        (["record_id", "created_at", "source", "action", "stage", "email"], "leadanalytics"),
        (["rec_id", "FirstName", "LastName", "Email", "Phone", "CreatedTime"], "plain"),
    ],
)
def test_columns_prove_their_layout(columns, name):
    assert detect_layout(columns).name == name
    assert detect_layout([f'\ufeff" {column.upper()}\xa0"' for column in columns]).name == name


@pytest.mark.parametrize(
    "columns",
    [
        ["Lead Source", "Email", "Colour"],
        ["Email", "Colour"],
        ["customer_id", "first_name", "email", "furthest_stage", "record_ids"],
        [],
    ],
)
def test_columns_that_prove_nothing_are_never_guessed(columns):
    with pytest.raises(ReadError, match="the nearest layout is"):
        detect_layout(columns)


def test_a_path_is_matched_by_its_last_part():
    (https,) = (layout for layout in load_layouts() if layout.name == "https_flat")
    columns = ["body/LeadSource", "body/ActionCode", "body/UserDetails/FirstName", "body/UserDetails/Email"]
    plan = https.plan(columns)
    assert {name: columns[places[0]] for name, places in plan.items()} == {
        "lead_source": "body/LeadSource",
        "action_code": "body/ActionCode",
        "first_name": "body/UserDetails/FirstName",
        "email": "body/UserDetails/Email",
    }


def test_the_title_of_a_sharepoint_list_is_not_the_job_title():
    (flat,) = (layout for layout in load_layouts() if layout.name == "https_flat")
    columns = ["Title", "JobTitle", "LeadSource", "ActionCode"]
    assert flat.plan(columns)["title"] == [1]
    assert flat.plan(["Title", "LeadSource", "ActionCode"])["title"] == [0]


def test_a_users_layout_is_a_file(tmp_path):
    (tmp_path / "webshop.toml").write_text(
        'name = "webshop"\ntitle = "Our shop"\norder = 5\nproof = [["Mail", "Article"]]\n'
        'date_order = "day_first"\n[columns]\nemail = ["Mail"]\noffer_title = ["Article"]\n',
        encoding="utf-8",
    )
    layouts = load_layouts(tmp_path)
    assert layouts[0].name == "webshop"
    assert detect_layout(["Mail", "Article"], layouts=layouts).date_order == "day_first"


def test_a_users_layout_replaces_a_shipped_one_of_its_name(tmp_path):
    (tmp_path / "https.toml").write_text(
        'name = "https"\ntitle = "t"\norder = 1\nproof = [["x"]]\n[columns]\nemail = ["x"]\n', encoding="utf-8"
    )
    assert len(load_layouts(tmp_path)) == len(load_layouts())
    assert detect_layout(["x"], layouts=load_layouts(tmp_path)).title == "t"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name = 'a'", "lacks the entry 'title'"),
        ("name = ", "is not valid"),
        ("name = 'a'\ntitle = 'b'\norder = 1\nproof = []\n[columns]\n", "has no proof"),
        ("name = 'a'\ntitle = 'b'\norder = 1\nproof = [['x']]\n[columns]\nemial = ['x']\n", "did you mean 'email'"),
    ],
)
def test_a_layout_that_cannot_be_used_says_why(tmp_path, text, complaint):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises((ReadError, OptionError), match=complaint):
        load_layouts(tmp_path)


def test_a_folder_without_layouts_is_an_error(tmp_path):
    with pytest.raises(ReadError, match="holds no layout"):
        load_layouts(tmp_path)


def test_a_named_layout_needs_one_telling_column_only():
    (azure,) = choose_layouts("azure_table", None)
    assert azure.proven_by(["LeadSource"])
    assert not azure.proven_by(["Colour"])


def test_a_layout_that_is_not_there_is_an_error_with_the_near_miss():
    with pytest.raises(OptionError, match="did you mean 'azure_table'"):
        choose_layouts("azure_tabel", None)


def test_names_are_folded():
    assert fold("\ufeff'Lead \xa0 Source'") == "lead source"
