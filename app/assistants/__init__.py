"""Assistants and editors ask an open library, over the Model Context Protocol."""
