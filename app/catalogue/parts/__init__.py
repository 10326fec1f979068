"""What a catalogue can do, by subject; `Catalogue` is all of it."""
