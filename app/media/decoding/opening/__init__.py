"""An untrusted file is opened, says what it holds, and is gone around in by its own clock."""
