import numpy as np

from leadanalytics.identity.trees import path_between, strongest_tree


def test_of_equal_edges_the_earlier_ones_make_the_tree():
    one, other = np.array([0, 1, 0]), np.array([1, 2, 2])
    assert strongest_tree(one, other, np.zeros(3)).tolist() == [0, 1]


def test_each_part_has_its_tree_and_edges_may_be_negative():
    one, other = np.array([10, 20]), np.array([11, 21])
    assert strongest_tree(one, other, np.array([-3.0, -1.0])).tolist() == [0, 1]


def test_no_edges_make_no_tree():
    none = np.zeros(0, "int64")
    assert strongest_tree(none, none, np.zeros(0)).tolist() == []


def test_a_path_leads_through_the_records_between():
    one, other = np.array([1, 2, 2]), np.array([2, 3, 4])
    assert path_between(one, other, 4, 1).tolist() == [2, 0]


def test_there_is_no_path_to_another_part_or_an_unknown_node():
    one, other = np.array([1, 3]), np.array([2, 4])
    assert path_between(one, other, 1, 4).tolist() == []
    assert path_between(one, other, 1, 9).tolist() == []
