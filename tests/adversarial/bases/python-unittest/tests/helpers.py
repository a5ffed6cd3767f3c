import unittest


class TextCase(unittest.TestCase):
    def assert_lines(self, lines, expected):
        self.assertEqual(lines, expected)
