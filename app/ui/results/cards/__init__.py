"""One card: its picture, what lies on it and below it, and its words."""
