from shop.legacy_export import export


def test_export(cart):
    assert export(cart) == "tea;450;2\nkettle;8900;1\n"
