"""What every part of the window is made of: controls, icons, the theme, words."""
