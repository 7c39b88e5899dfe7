import pytest

from leadanalytics.errors import OptionError, ReadError
from leadanalytics.reading import detect_layout, load_layouts
from leadanalytics.reading.choosing import MAPPED, choose_layouts
from leadanalytics.reading.layouts import find_layout


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


def test_a_map_comes_before_what_a_layout_says():
    layouts = choose_layouts(columns={"Topic": "description", "Wants": "offer_title"})
    columns = ["(Do Not Modify) Lead", "Topic", "Wants", "Description"]
    plan = find_layout(columns, layouts).plan(columns)
    assert (plan["description"], plan["offer_title"]) == ([1, 3], [2])


def test_a_map_is_proof_enough_where_no_layout_is_proven():
    layouts = choose_layouts(columns={"Sähköposti": "email", "Tuote": "offer_title"})
    layout = find_layout(["Sähköposti", "Tuote", "Väri"], layouts)
    assert layout.name == MAPPED
    assert layout.plan(["Sähköposti", "Tuote", "phone"]) == {"email": [0], "offer_title": [1], "phone": [2]}
    assert find_layout(["Sähköposti"], layouts) is None


def test_a_map_names_columns_that_a_raw_frame_has():
    with pytest.raises(OptionError, match="did you mean 'email'"):
        choose_layouts(columns={"Correo": "emial"})


def test_the_callers_zone_and_order_stand_in_where_a_layout_has_none():
    layouts = {each.name: each for each in choose_layouts(tz="Europe/Berlin", date_order="day_first")}
    assert (layouts["dynamics365"].time_zone, layouts["dynamics365"].date_order) == ("Europe/Berlin", "day_first")
    assert (layouts["azure_table"].time_zone, layouts["azure_table"].date_order) == ("UTC", "day_first")


@pytest.mark.parametrize("order", ["dayfirst", "unknown"])
def test_the_callers_order_is_one_of_two(order):
    with pytest.raises(OptionError, match="'month_first', 'day_first'"):
        choose_layouts(date_order=order)


def test_reports_are_tried_unless_the_caller_names_a_layout():
    customers = ["Date Acquired", "Date Lost", "Email", "First Name"]
    assert find_layout(customers, choose_layouts()).title == "the Partner Center customers report"
    assert find_layout(customers, choose_layouts("plain")).name == "plain"
    assert find_layout(customers, choose_layouts(columns={"Email": "email"})).record_kind == "report"
