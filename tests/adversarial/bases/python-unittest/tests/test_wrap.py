import unittest

from tests.helpers import TextCase
from textkit.wrap import wrap


class WrapTest(TextCase):
    def test_short(self):
        self.assert_lines(wrap("one two", 10), ["one two"])

    def test_long(self):
        self.assert_lines(wrap("one two three", 8), ["one two", "three"])

    def test_a_word_too_long(self):
        self.assert_lines(wrap("a extraordinary b", 5), ["a", "extraordinary", "b"])

    def test_width_below_one(self):
        with self.assertRaises(ValueError):
            wrap("one", 0)


if __name__ == "__main__":
    unittest.main()
