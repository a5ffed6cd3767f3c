from checkout import checkout


def test_the_newest_is_checked_out():
    assert checkout(["1.9", "1.10"]) == "v1.10"


def test_main_without_versions():
    assert checkout([]) == "main"
