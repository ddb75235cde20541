"""The vocabulary's own arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from film import largest_remainder

_shares = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)


@given(_shares)
def test_whole_percentages_sum_to_a_hundred(shares):
    whole = largest_remainder(shares)
    assert sum(whole) == (100 if sum(shares) > 0 else 0)


@given(_shares.filter(lambda shares: sum(shares) > 0))
def test_no_percentage_is_off_by_one_or_more(shares):
    for share, value in zip(shares, largest_remainder(shares), strict=True):
        assert abs(value - 100 * share / sum(shares)) < 1 + 1e-6


def test_the_largest_remainders_are_rounded_up():
    assert largest_remainder([1, 1, 1]) == [34, 33, 33]
    assert largest_remainder([0.4, 0.35, 0.25], total=3) == [1, 1, 1]
    assert largest_remainder([0, 0]) == [0, 0]
    assert largest_remainder([12.6, 87.4]) == [13, 87]
