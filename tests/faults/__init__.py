"""What goes wrong on people's machines, done to the real program."""
