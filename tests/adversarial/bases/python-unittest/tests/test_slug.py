import unittest

from textkit.slug import slug


class SlugTest(unittest.TestCase):
    def test_words(self):
        self.assertEqual(slug("Hello, World!"), "hello-world")

    def test_accents(self):
        self.assertEqual(slug("Crème brûlée"), "creme-brulee")

    def test_empty(self):
        self.assertEqual(slug(" ! "), "")


if __name__ == "__main__":
    unittest.main()
