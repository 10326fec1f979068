"""A library that another computer of the household serves, as this one’s window asks it."""
