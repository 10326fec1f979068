"""From what is asked for to the moments on view, and into one of them."""
