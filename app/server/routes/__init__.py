"""What the server can be asked, and what it answers."""
