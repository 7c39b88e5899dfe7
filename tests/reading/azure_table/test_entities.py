import pytest

from leadanalytics.reading.azure_table.entities import NO_LEAD, to_batch, to_contents

KEYS = {"PartitionKey": "2:2F27:2F2024", "RowKey": "r1", "Timestamp": "2024-02-27T05:41:11.0184275Z"}
LEAD = {**KEYS, "ActionCode": "INS", "CustomerInfo": "{}", "LeadSource": "AzureMarketplace-INS|contoso.app"}


def typed(name, kind, value):
    return {f"{name}@odata.type": f"Edm.{kind}", name: value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (typed("Cell", "Int64", "1099511627776"), "1099511627776"),
        ({"Cell": 5}, "5"),
        ({"Cell": 4.0}, "4"),
        ({"Cell": 0.5}, "0.5"),
        (typed("Cell", "Double", "NaN"), "NaN"),
        ({"Cell": float("nan")}, "NaN"),
        ({"Cell": True}, "true"),
        (typed("Cell", "Guid", "00000000-0000-0000-0000-000000000007"), "00000000-0000-0000-0000-000000000007"),
        (typed("Cell", "DateTime", "2019-05-29T08:00:00.1234567Z"), "2019-05-29T08:00:00.1234567Z"),
        (typed("Cell", "DateTime", "2019-05-29T10:00:00+02:00"), "2019-05-29T10:00:00+02:00"),
        (typed("Cell", "DateTime", "2019-05-29"), "2019-05-29"),
        (typed("Cell", "Binary", "eyJGaXJzdE5hbWUiOiAiQW5hIn0="), '{"FirstName": "Ana"}'),
        (typed("Cell", "Binary", "/w=="), "�"),
        (typed("Cell", "Binary", "no base64!"), "no base64!"),
        ({"Cell": "half a pair \ud83d"}, "half a pair �"),
        ({"Cell": "a pair \U0001f600"}, "a pair \U0001f600"),
        ({"Cell": ""}, ""),
        ({"Cell": None}, None),
        ({"Cell": "x" * 65_536}, "x" * 65_536),
        ({"Cell": " \u2028 日本 \n"}, " \u2028 日本 \n"),
    ],
)
def test_a_property_of_any_kind_is_text_and_costs_at_most_itself(value, text):
    batch = to_batch([KEYS | value, KEYS | {"Cell": "a neighbour"}])
    assert batch.column("Cell").to_pylist() == [text, "a neighbour"]
    assert batch.column("Timestamp").to_pylist() == [KEYS["Timestamp"]] * 2


def test_properties_may_differ_from_entity_to_entity():
    batch = to_batch([{"PartitionKey": "p", "A": "1"}, {"PartitionKey": "q", "B": "2"}])
    assert batch.to_pylist() == [{"PartitionKey": "p", "A": "1", "B": None}, {"PartitionKey": "q", "A": None, "B": "2"}]


def test_what_the_service_says_about_an_entity_is_no_property():
    batch = to_batch([{"odata.etag": "W/1", **KEYS, **typed("Seats", "Int64", "5")}])
    assert batch.schema.names == [*KEYS, "Seats"]


def test_no_entity_is_no_row():
    assert to_batch([]).num_rows == 0


def contents_of(*pages):
    return to_contents(map(to_batch, pages))


def test_pages_with_different_properties_are_one_table():
    contents = contents_of([LEAD], [], [LEAD | {"RowKey": "r2", "ProductId": "contoso.app"}])
    (part,) = contents.parts
    assert part.layout.name == "azure_table"
    assert part.columns.column("ProductId").to_pylist() == [None, "contoso.app"]
    assert part.rows.tolist() == [1, 2]
    assert (contents.delivered, contents.rejects) == (2, [])


@pytest.mark.parametrize("missing", ["CustomerInfo", "LeadSource", "ActionCode"])
def test_a_lead_without_one_of_its_properties_is_still_a_lead(missing):
    contents = contents_of([LEAD, {name: value for name, value in LEAD.items() if name != missing}])
    (part,) = contents.parts
    assert part.layout.name == "azure_table"
    assert part.rows.tolist() == [1, 2]


def test_a_property_that_is_null_is_not_there():
    contents = contents_of([LEAD, KEYS | dict.fromkeys(("CustomerInfo", "LeadSource", "ActionCode", "Colour"))])
    assert [reject.row for reject in contents.rejects] == [2]


def test_what_is_no_lead_is_set_aside_with_its_place_and_text():
    settings = {"PartitionKey": "settings", "RowKey": "1", "Colour": "grün"}
    contents = contents_of([LEAD], [settings, LEAD])
    assert contents.rejects == [(2, NO_LEAD, '{"PartitionKey": "settings", "RowKey": "1", "Colour": "grün"}')]
    assert contents.parts[0].rows.tolist() == [1, 3]


def test_leads_that_a_flow_wrote_flat_keep_their_customer():
    flat = {**KEYS, "LeadSource": "SPZA", "ActionCode": "INS", "Email": "ana@example.com"}
    contents = contents_of([LEAD, flat, LEAD])
    assert [(part.layout.name, part.rows.tolist()) for part in contents.parts] == [
        ("azure_table", [1, 3]),
        ("https_flat", [2]),
    ]


def test_an_empty_table_holds_nothing():
    contents = contents_of([])
    assert (contents.delivered, contents.parts, contents.rejects) == (0, [], [])
