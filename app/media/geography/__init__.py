"""Where videos were filmed: positions as cameras write them, and what places are called."""
