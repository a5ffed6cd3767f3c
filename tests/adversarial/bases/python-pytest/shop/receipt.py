from shop.cart import Cart
from shop.money import format_cents


def render(cart: Cart) -> str:
    lines = [f"{quantity} x {name:<12} {format_cents(price * quantity):>8}" for name, price, quantity in cart.lines]
    lines.append(f"    {'Total':<12} {format_cents(cart.total()):>8}")
    return "\n".join(lines) + "\n"
