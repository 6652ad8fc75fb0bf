"""Rounds are taken in turn; how long anything takes is none of a test's business."""

from bench.rounds import in_turn, seconds


def test_the_two_works_take_turns_at_going_first() -> None:
    done: list[str] = []
    taken = in_turn(lambda: done.append("ours"), lambda: done.append("limit"), rounds=3)
    warming, counted = done[:2], done[2:]
    assert warming == ["ours", "limit"]
    assert counted == ["ours", "limit", "limit", "ours", "ours", "limit"]
    assert (len(taken.ours), len(taken.limit)) == (3, 3)


def test_what_goes_before_goes_before_each_work() -> None:
    done: list[str] = []
    in_turn(
        lambda: done.append("work"), lambda: done.append("work"), rounds=1, before=lambda: done.append("-"), warm=False
    )
    assert done == ["-", "work", "-", "work"]


def test_seconds_pass_forwards() -> None:
    assert seconds(lambda: None) >= 0
