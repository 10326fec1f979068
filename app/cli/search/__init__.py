"""`reelfind search`: a query, and its moments as lines, as JSON and as pictures."""
