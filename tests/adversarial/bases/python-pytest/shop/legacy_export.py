from shop.cart import Cart


def export(cart: Cart) -> str:
    return "".join(f"{name};{price};{quantity}\n" for name, price, quantity in cart.lines)
