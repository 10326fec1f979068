"""Every model that the program recommends can be exported under the name it has there.

Those with a repository are fetched from it, and are named after it; immich's are named as the export would.
"""

import pytest

from app.model_store.recommended import recommended_models
from models.export.weights.registry import slug
from models.open_clip_setup import import_open_clip

MODELS = {model.name: model for model in recommended_models()}


@pytest.mark.parametrize("name", MODELS)
def test_open_clip_has_every_model(name: str) -> None:
    open_clip = import_open_clip()
    architecture, tag = name.split(":")
    assert tag in open_clip.list_pretrained_tags_by_model(architecture)
    config = open_clip.get_model_config(architecture)
    assert config["vision_cfg"]["image_size"] == MODELS[name].image_size


@pytest.mark.parametrize("name", MODELS)
def test_the_installed_name_is_the_exports(name: str) -> None:
    if MODELS[name].layout != "transformers.js":
        assert MODELS[name].slug == slug(*name.split(":"))
