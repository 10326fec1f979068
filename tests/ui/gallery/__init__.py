"""Reference pictures of the real window: `python -m tests.ui.gallery OUT`."""
