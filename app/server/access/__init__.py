"""Who is let in to the server, how often, and what one client may cost."""
