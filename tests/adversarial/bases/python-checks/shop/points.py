def points(cents):
    """One point for each full euro, none below five."""
    return cents // 100 if cents >= 500 else 0


def card(name, cents):
    return f"{name}: {points(cents)} points\n"
