"""The two towers and what they are made of."""
