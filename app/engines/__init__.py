"""Which model is active or pending, its scorers, and the settings that say so."""
