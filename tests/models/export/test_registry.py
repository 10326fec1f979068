"""Names, the places of their weights, and licences."""

import pytest

from app.errors import UsageError
from models.export.weights.licences import UNKNOWN, licence_of
from models.export.weights.registry import Published, look_up, slug
from models.open_clip_setup import import_open_clip

RECOMMENDED = (
    "ViT-B-32-SigLIP2-256:webli",
    "ViT-B-16-SigLIP2:webli",
    "PE-Core-B-16:meta",
    "ViT-B-32:laion2b_s34b_b79k",
    "ViT-B-32:openai",
    "ViT-B-16:openai",
    "MobileCLIP2-S0:dfndr2b",
    "MobileCLIP2-S2:dfndr2b",
    "xlm-roberta-base-ViT-B-32:laion5b_s13b_b90k",
)


def test_a_tag_says_where_its_weights_are_and_how_they_want_pictures() -> None:
    found = look_up("ViT-B-32:openai", needs_tag=True)
    assert found.full_name == "ViT-B-32:openai"
    assert found.quick_gelu  # the configuration of this name says it has none
    assert found.preprocess["resize_mode"] == "shortest"
    assert found.published is not None
    assert found.published.repository.startswith("timm/")
    assert found.published.files == ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
    assert not found.tokenizer_repository
    siglip = look_up("ViT-B-16-SigLIP2", needs_tag=True)  # has one tag only
    assert (siglip.tag, siglip.tokenizer_repository) == ("webli", "timm/ViT-B-16-SigLIP2")
    assert siglip.preprocess["resize_mode"] == "squash"
    assert look_up("xlm-roberta-base-ViT-B-32", needs_tag=False).text_repository == "xlm-roberta-base"
    named = look_up("ViTamin-S:datacomp1b", needs_tag=True).published
    assert named == Published("jienengchen/ViTamin-S", ("pytorch_model.safetensors", "pytorch_model.bin"))


def test_an_address_may_carry_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = "ab" * 32
    entry = {"url": f"https://example.org/models/{digest}/ViT-B-32.pt"}
    monkeypatch.setitem(import_open_clip().pretrained._PRETRAINED["ViT-B-32"], "elsewhere", entry)
    found = look_up("ViT-B-32:elsewhere", needs_tag=True).published
    assert found == Published(url=entry["url"], sha256=digest)


@pytest.mark.parametrize(
    ("wanted", "sentence", "advice"),
    [
        ("ViT-B-33", "no model “ViT-B-33”", "ViT-B-32"),
        ("ViT-B-32", "needs the name of its weights", "openai"),
        ("ViT-B-32:nobody", "no weights “nobody”", "Write ViT-B-32:TAG"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_come_near(
    wanted: str, sentence: str, advice: str
) -> None:
    with pytest.raises(UsageError, match=sentence) as refused:
        look_up(wanted, needs_tag=True)
    assert advice in refused.value.advice


def test_all_recommended_models_are_known_and_have_a_licence() -> None:
    for name in RECOMMENDED:
        published = look_up(name, needs_tag=True).published
        assert published is not None
        assert licence_of(name, published.repository) != UNKNOWN


@pytest.mark.parametrize(
    ("name", "repository", "licence"),
    [
        ("ViT-B-32:openai", "timm/vit_base_patch32_clip_224.openai", "MIT"),
        ("ViT-B-16:datacomp_xl_s13b_b90k", "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K", "MIT"),
        ("ViT-B-16-SigLIP:webli", "timm/ViT-B-16-SigLIP", "Apache-2.0"),
        ("ViT-L-14:metaclip_400m", "timm/vit_large_patch14_clip_224.metaclip_400m", "CC-BY-NC-4.0"),
        ("EVA02-E-14:laion2b_s4b_b115k", "timm/eva02_enormous_patch14_clip_224", UNKNOWN),
        ("ViT-B-32:openai", "somebody/else", UNKNOWN),
    ],
)
def test_licences_are_what_their_publishers_state(name: str, repository: str, licence: str) -> None:
    assert licence_of(name, repository) == licence
    assert "care" in licence_of("MobileCLIP2-S0:dfndr2b", "timm/MobileCLIP2-S0-OpenCLIP")


def test_a_slug_has_letters_digits_dots_and_hyphens_only() -> None:
    assert slug("ViT-B-32", "laion2b_s34b_b79k") == "vit-b-32-laion2b-s34b-b79k"
    assert slug("RN50", "Mein Modell (v1.2)") == "rn50-mein-modell-v1.2"
    assert slug("…") == "model"
