"""An open_clip model becomes an encoder bundle.

    python -m models.export ViT-B-32:laion2b_s34b_b79k --out FOLDER
    python -m models.export ViT-B-16-SigLIP2:webli --out FOLDER --cache CACHE --pictures PHOTOS
    python -m models.export ViT-B-32 --checkpoint my.safetensors --licence MIT --out FOLDER
    python -m models.export PE-Core-B-16 --random 0 --out FOLDER

Weights and tokenizer come from the hub by plain https (`hub.py`; resumed, hashes checked) or from a file, and
are read as tensors only: nothing that is downloaded is run. What is written is the folder that
`docs/bundle.md` describes:

- `image.onnx`, `text.onnx`: both towers, float32, with the batch axis open. Pixels go in as bytes,
  normalisation is inside. A text is padded inside where the model's tokens see the padding, and not at all
  where they do not (`towers.py`). Beyond 1.9 GB the weights lie in `<graph>.data`.
- `tokenizer.json`: the model's own, open_clip's cleaning included, proven to give its ids on texts in many
  scripts (`texts.py`). One that cannot be proven equal is refused.
- `image.int8.onnx`, `text.int8.onnx`, `image.fp16.onnx`: fewer bits (`variants.py`). An int8 tower that is
  too far from its model is left out; fp16 is for CUDA and is never opened on a processor.
- `manifest.json`: hashes, licence, source, and how closely the program's own encoders reproduce the model,
  its preprocessing of pictures included (`parity.py`): lowest cosines, and of int8 how alike it ranks.

| module | what it does |
|---|---|
| `__main__.py`, `job.py` | the command; one export from a name to a bundle |
| `registry.py`, `licences.py` | what open_clip knows about a name; licences of published weights |
| `hub.py`, `loading.py` | files from the hub; the model from a file, or with random weights |
| `bundle.py`, `spec.py` | the files and the manifest |
| `graph.py`, `towers.py`, `variants.py`, `quiet.py` | the graphs |
| `tokenizer.py`, `simple_tokenizer.py`, `hf_tokenizer.py`, `cleaning.py` | the tokenizer and its proof |
| `parity.py`, `pictures.py`, `texts.py` | what is measured, and on what |

This module imports nothing, so that the command can say what is missing where torch is.
"""
