from shop.points import card, points
from shop.testing import assert_points, expected


def it_gives_a_point_for_each_euro():
    assert_points(points(1250), 12)


def it_gives_none_below_five_euros():
    assert points(499) == 0


def it_prints_a_card():
    assert card("Ada", 1250) == expected("card.txt")
