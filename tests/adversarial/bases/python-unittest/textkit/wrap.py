def wrap(text, width):
    """Lines of at most `width` characters; a longer word has a line of its own."""
    if width < 1:
        raise ValueError(f"width must be at least 1, not {width}")
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
