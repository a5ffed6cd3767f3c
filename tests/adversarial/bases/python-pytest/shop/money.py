def format_cents(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def parse_cents(text: str) -> int:
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or not (fraction == "" or fraction.isdigit()) or len(fraction) > 2:
        raise ValueError(f"not an amount: {text}")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))
