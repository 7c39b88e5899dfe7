from matplotlib import pyplot as plt

from leadanalytics.charts.underneath import row_names, rows_high, write_row


def test_numbers_stand_under_their_places_beside_a_short_name():
    ax = plt.figure().add_subplot()
    write_row(ax, "Document…", [0, 7.5], [1200, 3.0], down=40, color="#000000")
    assert [(text.get_text(), text.xy[0]) for text in ax.texts] == [("Document…", 0), ("1,200", 0), ("3", 7.5)]
    assert {text.xyann[1] for text in ax.texts} == {-40}


def test_names_of_rows_are_short_and_each_another():
    assert row_names(["Document Management"]) == ["Document…"]
    assert row_names(["Document Management 1", "Document Management 2"]) == ["Document… 1", "Document… 2"]


def test_rows_have_a_height():
    assert rows_high(2) == 2 * rows_high(1) > 0
