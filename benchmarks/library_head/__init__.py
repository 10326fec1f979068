"""What a head brings that is learned from a library's own frames, without labels and without torch."""
