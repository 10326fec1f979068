"""Commands that answer others until they are ended: a library, an encoder, assistants."""
