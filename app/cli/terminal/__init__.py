"""What every command owes the terminal: plain text, a line and a code at its end, a log."""
