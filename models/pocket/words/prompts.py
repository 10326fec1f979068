"""Sentences for pictures that have a label instead of captions, by the kind of the label."""

from __future__ import annotations

from itertools import permutations

from models.pocket.pictures.data import Picture

ANY_KIND = ("{}", "a photo of {}", "a video of {}", "{} in the picture", "a clip showing {}")
BY_KIND: dict[str, tuple[str, ...]] = {
    "place": (
        "a view of {a}",
        "{a}",
        "people at {a}",
        "the scene is {a}",
        "inside or around {a}",
        "at the {}",
    ),
    "scene": ("a view of {a}", "a landscape with {a}", "the scene shows {a}", "a wide shot of {a}"),
    "food": ("a plate of {}", "{} being served", "a close-up of {}", "someone eats {}", "{}, a dish of food"),
    "sport": ("people doing {}", "a game of {}", "an athlete during {}", "a {} match", "{}, a sport"),
    "instrument": ("{a}", "someone plays {a}", "a musician with {a}", "{a}, a musical instrument"),
    "clothing": ("{a}", "someone wears {a}", "a piece of clothing: {a}", "{a} on a hanger or the floor"),
    "flower": ("{a}", "a {} flower", "a close-up of {a}", "{}s in a garden", "blooming {}s"),
    "weather": ("{} weather", "a {} day", "the sky on a {} day", "a landscape in {} weather"),
    "animal": ("{a}", "a close-up of {a}", "{a} looks at the camera", "an animal: {a}"),
    "object": ("{a}", "a close-up of {a}", "there is {a}", "{a} in the middle of the picture"),
}
# Sunrise is no adjective; its pictures still are a kind of weather.
SUNRISE = ("a sunrise", "the sun rises", "the sky at sunrise", "a sunrise over a landscape")
OBJECT_LISTS = ("{}", "a scene with {}", "a photo of {}", "there are {}")
LONGEST_OBJECT_LIST = 3
MOST_OBJECT_ORDERS = 2
NAME_PHRASINGS = ("{}", "a photo of {a}", "{a} in the picture")
"""How a class of the ImageNet classifier is called in training."""
VOWELS = "aeiou"


def with_article(noun: str) -> str:
    """`noun` with "a" or "an" before it."""
    return f"{'an' if noun[:1].lower() in VOWELS else 'a'} {noun}"


def fill(template: str, noun: str) -> str:
    """A template's `{}` becomes the noun, its `{a}` the noun with an article."""
    return template.replace("{a}", with_article(noun)).replace("{}", noun)


def label_prompts(kind: str, label: str) -> list[str]:
    """All sentences that describe a picture of `label`, a label of the given kind."""
    if kind == "weather" and label == "sunrise":
        return list(SUNRISE)
    return [fill(template, label) for template in (*BY_KIND.get(kind, ()), *ANY_KIND)]


def object_prompts(objects: tuple[str, ...]) -> list[str]:
    """Sentences for a picture with several labelled objects."""
    named = objects[:LONGEST_OBJECT_LIST]
    orders = list(permutations(named))[:MOST_OBJECT_ORDERS]
    lists = [", ".join(order[:-1]) + f" and {order[-1]}" if len(order) > 1 else order[0] for order in orders]
    return [fill(template, words) for words in lists for template in OBJECT_LISTS]


def picture_texts(picture: Picture) -> list[str]:
    """Every sentence that belongs to `picture`: its captions, or its label in several templates."""
    if picture.captions:
        return [*picture.captions, *([picture.label] if picture.label else [])]
    if picture.objects:
        return object_prompts(picture.objects)
    names = (picture.label, *picture.synonyms)
    return [sentence for name in names for sentence in label_prompts(picture.kind, name)]


def positive_group(picture: Picture) -> str:
    """Pictures of one group are right answers to each other's words: the same label, or only itself."""
    if picture.label and not picture.objects:
        return picture.label.lower()
    if len(picture.captions) == 1:
        return picture.captions[0].lower()  # frames of one clip, and pictures described alike
    return f"{picture.shard}/{picture.name}"
