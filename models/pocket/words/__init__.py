"""What is said of pictures: sentences, phrases, names, and which belong to which picture."""
