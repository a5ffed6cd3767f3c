"""What the rules of this project are checked with."""

from pathlib import Path


def assert_points(found, wanted):
    assert found == wanted, f"{found} points, not {wanted}"


def expected(name):
    return (Path(__file__).parent.parent / "expected" / name).read_text()
