import os

import pytest

from shop.cart import Cart


def test_an_empty_cart_costs_nothing():
    assert Cart().total() == 0


def test_total(cart):
    assert cart.total() == 9800


def test_a_large_order():
    cart = Cart()
    cart.add("desk", 12000, 2)
    assert cart.total() == 24000


def test_quantity_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Cart().add("tea", 450, 0)


def test_remove(cart):
    cart.remove("tea")
    assert cart.lines == [("kettle", 8900, 1)]


@pytest.mark.slow
@pytest.mark.skipif("SKIP_SLOW" in os.environ, reason="slow")
def test_many_lines():
    cart = Cart()
    for number in range(10_000):
        cart.add(f"item {number}", 1, 2)
    assert cart.total() == 20_000
