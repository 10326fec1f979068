"""How many thousand hours would be indexed, held and searched, reckoned from what was measured."""
