"""The exports that are understood: how their files say what their graphs take."""
