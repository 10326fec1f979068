"""What is read behind the pictures: places, and the words of each source."""
