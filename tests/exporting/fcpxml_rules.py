"""What the published structure of FCPXML 1.8 says of the elements that we write."""

from xml.etree.ElementTree import Element

CHILDREN = {
    "fcpxml": ("resources", "library"),
    "resources": ("format", "asset"),
    "library": ("event",),
    "event": ("project",),
    "project": ("sequence",),
    "sequence": ("spine",),
    "spine": ("asset-clip",),
    "asset-clip": ("conform-rate", "marker"),
}
"""Children in the order in which they may come; formats and assets come in any."""
REQUIRED = {
    "fcpxml": {"version"},
    "format": {"id"},
    "asset": {"id", "src"},
    "sequence": {"format"},
    "asset-clip": {"ref"},
    "marker": {"start", "value"},
    "conform-rate": set(),
}
OPTIONAL = {
    "format": {"name", "frameDuration", "fieldOrder", "width", "height", "paspH", "paspV", "colorSpace"},
    "asset": {
        *("name", "uid", "start", "duration", "hasVideo", "format", "hasAudio", "videoSources"),
        *("audioSources", "audioChannels", "audioRate", "customLUTOverride", "colorSpaceOverride"),
    },
    "event": {"name", "uid"},
    "project": {"name", "uid", "id", "modDate"},
    "sequence": {"duration", "tcStart", "tcFormat", "audioLayout", "audioRate", "renderFormat", "keywords"},
    "asset-clip": {
        *("lane", "offset", "name", "start", "duration", "enabled", "srcEnable", "audioStart"),
        *("audioDuration", "tcStart", "tcFormat", "modDate", "format", "audioRole", "videoRole"),
    },
    "marker": {"duration", "note", "completed"},
    "conform-rate": {"scaleEnabled", "srcFrameRate", "frameSampling"},
}
VALUES = {
    ("sequence", "tcFormat"): {"DF", "NDF"},
    ("asset-clip", "tcFormat"): {"DF", "NDF"},
    ("sequence", "audioLayout"): {"mono", "stereo", "surround"},
    ("sequence", "audioRate"): {"32k", "44.1k", "48k", "88.2k", "96k", "176.4k", "192k"},
    ("conform-rate", "srcFrameRate"): {
        *(
            "23.98",
            "24",
            "25",
            "29.97",
            "30",
            "60",
            "47.95",
            "48",
            "50",
            "59.94",
            "90",
            "100",
            "119.88",
            "120",
        )
    },
}


def problems_of(root: Element) -> list[str]:
    """What is not as it should be, in words."""
    found = [] if root.tag == "fcpxml" else ["the root is not fcpxml"]
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    found += [f"two of one id: {one}" for one in set(ids) if ids.count(one) > 1]
    for element in root.iter():
        allowed = CHILDREN.get(element.tag, ())
        order = [allowed.index(child.tag) if child.tag in allowed else -1 for child in element]
        if -1 in order or (element.tag != "resources" and order != sorted(order)):
            found.append(f"children of {element.tag}: {[child.tag for child in element]}")
        required, optional = REQUIRED.get(element.tag, set()), OPTIONAL.get(element.tag, set())
        if missing := required - element.attrib.keys():
            found.append(f"{element.tag} lacks {missing}")
        if other := element.attrib.keys() - required - optional:
            found.append(f"{element.tag} has {other}")
        for name, value in element.attrib.items():
            if value not in VALUES.get((element.tag, name), {value}):
                found.append(f"{name} of {element.tag} is {value}")
            if name in {"ref", "format"} and value not in ids:
                found.append(f"{element.tag} refers to {value}")
    return found
