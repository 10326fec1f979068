"""What is wrong with a library's file is found, and the library is made whole."""
