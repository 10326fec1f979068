"""The search box and what helps to fill it."""
