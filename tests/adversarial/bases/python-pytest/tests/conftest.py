import pytest

from shop.cart import Cart


@pytest.fixture
def cart():
    cart = Cart()
    cart.add("tea", 450, 2)
    cart.add("kettle", 8900)
    return cart
