def count(votes):
    """Votes by name; empty ones are not counted."""
    result = {}
    for vote in votes:
        name = vote.strip()
        if name:
            result[name] = result.get(name, 0) + 1
    return result


def winner(votes):
    """The name with the most votes; None where two names share them or nobody voted."""
    ranked = sorted(count(votes).items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
