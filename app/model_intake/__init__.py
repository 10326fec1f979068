"""How a model comes to this computer: exports are fetched, understood, wrapped and checked, no torch."""
