"""A port is opened and HTTP answered on it: what every service of this program has in common."""
