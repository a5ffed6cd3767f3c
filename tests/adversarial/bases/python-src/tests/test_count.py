import unittest

from tally import count, winner


class TestCount:
    def test_by_name(self):
        assert count(["ann", "bob", "ann"]) == {"ann": 2, "bob": 1}

    def test_empty_votes_do_not_count(self):
        assert count(["", " ", "ann"]) == {"ann": 1}


class TestWinner(unittest.TestCase):
    def test_most_votes(self):
        self.assertEqual(winner(["ann", "bob", "ann"]), "ann")

    def test_tie(self):
        self.assertIsNone(winner(["ann", "bob"]))

    def test_nobody(self):
        self.assertIsNone(winner([]))
