"""One picture after the other: where text may stand, and what it says. Runs in the writing child only."""
