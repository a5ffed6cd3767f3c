import pytest

from calc import mean, median


def test_mean():
    assert mean([1, 2, 6]) == 3


def test_mean_of_nothing():
    with pytest.raises(ValueError):
        mean([])


def test_median_of_an_odd_count():
    assert median([5, 1, 3]) == 3


def test_median_of_an_even_count():
    assert median([1, 2, 3, 10]) == 2.5
