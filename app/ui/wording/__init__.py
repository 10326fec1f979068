"""How numbers, times, places and problems are put into words."""
