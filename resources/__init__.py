"""Icons, style sheets and text that ship with the program."""
