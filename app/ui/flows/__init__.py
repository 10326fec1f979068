"""What the parts of the window say to each other: each flow ties some of them together."""
