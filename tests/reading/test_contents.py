from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import LONGEST_TEXT, UNDECODABLE, Collector, Contents

AZURE, HTTPS = load_layouts()[:2]


def test_what_is_set_aside_keeps_its_text_up_to_a_length():
    contents = Contents()
    contents.set_aside(3, "broken", f"a{UNDECODABLE}b" + "x" * LONGEST_TEXT)
    (reject,) = contents.rejects
    assert reject.row == 3
    assert reject.text.startswith("a\ufffdb")
    assert len(reject.text) == LONGEST_TEXT


def test_records_of_each_layout_become_one_table_with_all_their_names():
    collector = Collector()
    collector.add(AZURE, {"leadsource": "a"}, 1)
    collector.add(HTTPS, {"offertitle": "b"}, 2)
    collector.add(AZURE, {"leadsource": "c", "actioncode": "INS"}, 3)
    parts = {part.layout.name: part for part in collector.parts()}
    assert parts["azure_table"].columns.to_pydict() == {"leadsource": ["a", "c"], "actioncode": [None, "INS"]}
    assert parts["azure_table"].rows.tolist() == [1, 3]
    assert parts["https"].rows.tolist() == [2]


def test_many_records_with_different_names_keep_their_order():
    collector = Collector()
    for number in range(45_000):
        collector.add(AZURE, {"leadsource": str(number)} | ({"late": "x"} if number > 30_000 else {}), number)
    (part,) = collector.parts()
    assert part.columns["leadsource"].to_pylist() == [str(number) for number in range(45_000)]
    assert part.rows.tolist() == list(range(45_000))
