"""The model hub: what a repository holds at a commit, and its files, resumed and checked."""
