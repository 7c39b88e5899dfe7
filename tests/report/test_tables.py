from leadanalytics.report.tables import table


def test_the_first_column_names_its_row_and_the_others_hold_numbers():
    made = table(
        "Leads", ["Problem", "Leads", "To do"], [["no offer", "3", "ask"]], words=["To do"], total=["", "3", ""]
    )
    assert made.numeric == (False, True, False)
    assert made.rows == (("no offer", "3", "ask"),)
    assert made.total == ("", "3", "")
