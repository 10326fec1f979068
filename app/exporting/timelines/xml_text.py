"""Text that XML 1.0 can hold."""

from app.text import shown


def xml_text(text: str) -> str:
    """Words without what XML cannot hold, nor what hides in a line; see `app.text.shown`."""
    return "".join(letter for letter in shown(text) if letter not in "\ufffe\uffff")
