"""A model's tokenizer becomes one `tokenizer.json` that reads every text as the original does."""
