"""A scan meets the library: which file is which video, when names, contents and places change.

Identity is the content. Every video whose file is not where it was, or is not what it was, looks for its
content among the files that the library cannot explain; what is left over is new, changed, gone, or on a
volume or below a folder that cannot be reached.
"""
