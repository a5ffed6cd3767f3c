import pytest

from shop.money import format_cents, parse_cents


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (1234, "12.34"), (-250, "-2.50")])
def test_format(cents, text):
    assert format_cents(cents) == text


def test_parse():
    assert parse_cents("12.34") == 1234


def test_parse_without_fraction():
    assert parse_cents("12") == 1200


def test_parse_of_nonsense():
    with pytest.raises(ValueError, match="not an amount"):
        parse_cents("12,34")
