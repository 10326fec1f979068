"""What the fault tests work with: the program, sandboxes, failing disks, damaged files, the report."""
