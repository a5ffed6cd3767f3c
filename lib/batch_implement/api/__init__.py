"""The documented names, for other programs; nothing of the product imports them."""
