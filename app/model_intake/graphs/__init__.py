"""Surgery on ONNX graphs: the one room with the `onnx` package, used in child processes only."""
