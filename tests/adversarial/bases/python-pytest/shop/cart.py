class Cart:
    def __init__(self) -> None:
        self.lines: list[tuple[str, int, int]] = []

    def add(self, name: str, price: int, quantity: int = 1) -> None:
        if quantity < 1:
            raise ValueError(f"quantity must be at least 1, not {quantity}")
        self.lines.append((name, price, quantity))

    def remove(self, name: str) -> None:
        self.lines = [line for line in self.lines if line[0] != name]

    def total(self) -> int:
        return sum(price * quantity for _, price, quantity in self.lines)
