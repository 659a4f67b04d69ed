"""Free names: those that are taken get a number."""

from __future__ import annotations

from conex_core.graph.model.names import unique_name, unique_names


def test_each_of_many_equal_names_gets_the_next_free_number() -> None:
    found = unique_names(["A", "A", "B", "A 2", "A"], ["A", "A 3"])

    assert found == ["A 2", "A 4", "B", "A 5", "A 6"]


def test_one_at_a_time_and_all_at_once_give_the_same() -> None:
    wanted, taken = ["N 7", "N", "N", "N 7"], ["N", "N 2"]

    one_by_one = list(taken)
    for name in wanted:
        one_by_one.append(unique_name(name, one_by_one))

    assert unique_names(wanted, taken) == one_by_one[len(taken) :]


def test_what_is_taken_is_left_as_it_was() -> None:
    taken = {"A"}

    unique_names(["A", "A"], taken)

    assert taken == {"A"}


def test_ten_thousand_nodes_of_one_name_take_no_time() -> None:
    assert unique_names(["A"] * 10_000, ["A"])[-1] == "A 10001"
