"""What a person types, read: a small grammar from text to a tree. Knows no library, no model and no disk."""
