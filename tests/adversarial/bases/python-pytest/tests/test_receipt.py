from pathlib import Path

from shop.receipt import render

GOLDEN = Path(__file__).parent / "golden"


def test_receipt(cart):
    assert render(cart) == (GOLDEN / "receipt.txt").read_text()
