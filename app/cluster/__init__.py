"""Videos are read and encoded on the nodes of a Ray cluster; this computer commits what comes of it."""
