"""Files that survive kills, links and hostile content."""
