from leadanalytics.report.tables import table


def test_the_first_column_names_its_row_and_the_others_hold_numbers():
    made = table(
        "Leads", ["Problem", "Leads", "To do"], [["no offer", "3", "ask"]], words=["To do"], total=["", "3", ""]
    )
    assert made.numeric == (False, True, False)
    assert made.rows == (("no offer", "3", "ask"),)
    assert not made.is_wordy
    assert made.total == ("", "3", "")


def test_many_words_are_scrolled_on_a_telephone():
    assert table("People", ["Name", "Contact", "Why"], [], words=["Contact", "Why"]).is_wordy
