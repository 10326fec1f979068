"""What the tests of the training code share."""

import importlib.util

if importlib.util.find_spec("tqdm") is not None:
    import tqdm

    # torch.export makes a (silent) progress bar, whose monitor thread would outlive the test.
    tqdm.tqdm.monitor_interval = 0

if importlib.util.find_spec("torch") is not None:
    import torch

    # Tiny tensors: a second thread costs more than it brings, twenty times so beside other processes.
    torch.set_num_threads(1)
