from tally.count import count, winner

__all__ = ["count", "winner"]
