"""The published annotation files become videos with captions; what is missing or malformed is told."""

import json
from pathlib import Path

import pytest

from app.errors import UsageError
from models.datasets.readers import DATASETS, read_dataset
from models.datasets.records import VideoSet

LSMDC_CLIP = "0001_American_Beauty_00.00.51.926-00.00.54.129"
CHARADES = "id,subject,scene,quality,relevance,verified,script,objects,descriptions,actions,length\n"
MSVD_TABLE = "VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    return folder


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def captions(found: VideoSet) -> dict[str, tuple[str, ...]]:
    return {video.key: video.captions for video in found.videos}


def test_the_real_1k_a_test_split_has_a_thousand_videos_with_one_caption(
    shared_data: Path, videos: Path
) -> None:
    touch(videos, "video9770.mp4", "deep/er/video9771.WEBM")
    found = read_dataset("msrvtt-1k-a", shared_data / "annotations", videos, "test")
    assert captions(found) == {
        "video9770": ("a person is connecting something to system",),
        "video9771": ("a little girl does gymnastics",),
    }
    assert found.videos[1].path == videos / "deep/er/video9771.WEBM"
    assert len(found.missing) == 998
    assert found.missing[0] == "video7020"
    assert "2 videos with 2 captions; 998 of 1000 missing (video7020, " in found.summary()


@pytest.mark.parametrize(("name", "count"), [("msrvtt-9k", 9_000), ("msrvtt-7k", 7_010)])
def test_the_real_training_lists_take_their_captions_from_the_json(
    shared_data: Path, notes: Path, videos: Path, name: str, count: int
) -> None:
    table = f"MSRVTT_train.{name[-2:]}.csv"
    content = (shared_data / "annotations" / table).read_text()
    (notes / table).write_text(content)
    keys = content.split()[1:]
    sentences = [
        {"caption": f"{key} {n}", "video_id": key, "sen_id": n} for n in range(2) for key in reversed(keys)
    ]
    (notes / "MSRVTT_data.json").write_text(json.dumps({"info": {}, "videos": [], "sentences": sentences}))
    touch(videos, f"{keys[5]}.mp4")
    found = read_dataset(name, notes, videos, "train")
    assert captions(found) == {keys[5]: (f"{keys[5]} 0", f"{keys[5]} 1")}
    assert len(found.missing) == count - 1


def test_a_training_video_without_a_caption_is_named_with_its_line(notes: Path, videos: Path) -> None:
    (notes / "MSRVTT_train.9k.csv").write_text("video_id\nvideo0\nvideo0\nvideo1\n")
    sentences = [{"caption": "a dog", "video_id": "video0", "sen_id": 0}]
    (notes / "MSRVTT_data.json").write_text(json.dumps({"sentences": sentences}))
    with pytest.raises(UsageError, match=r"Line 4 of “MSRVTT_train\.9k\.csv” names video1, which has no"):
        read_dataset("msrvtt-9k", notes, videos, "train")


@pytest.mark.parametrize(("split", "count"), [("val", 1_062), ("test", 1_004)])
def test_the_real_didemo_labels_give_a_paragraph_and_a_segment(
    shared_data: Path, videos: Path, split: str, count: int
) -> None:
    touch(videos, "26292851@N04_4253489686_265c3c8051.mp4", "35034348999@N01_6060447507_dc1a90b8ef.mov")
    found = read_dataset("didemo", shared_data / "annotations", videos, split)
    assert len(found.videos) == 1
    assert len(found.videos) + len(found.missing) == count
    (video,) = found.videos
    assert (video.start, video.end) == (0, 31)
    assert len(video.captions) == 1
    assert len(video.captions[0].split()) > 30
    if split == "test":
        assert video.captions[0].startswith("someone kicks the bug towards some rocks. a man in a red shirt")


def test_a_didemo_name_that_ends_with_a_dot_is_found(notes: Path, videos: Path) -> None:
    (notes / "didemo_train_label.csv").write_text(
        "success,video_path,starts,ends,text,formatted_data\n"
        "True,/x/a@N1_2.,tensor([0]),tensor([31]),one,x\n"
        "True,/x/b@N1_2.mov,tensor([[5]]),tensor([[10]]),two,x\n"
    )
    touch(videos, "a@N1_2.mp4", "b@N1_2.mov.mp4")
    found = read_dataset("didemo", notes, videos, "train")
    assert [(video.key, video.start, video.end) for video in found.videos] == [
        ("a@N1_2", 0, 31),
        ("b@N1_2.mov", 5, 10),
    ]


def test_lsmdc_gathers_the_captions_of_a_clip_and_ignores_its_times_in_the_film(
    notes: Path, videos: Path
) -> None:
    times = "00:00:51\t00:00:54\t00:00:51.926\t00:00:54.129"
    other = "1012_Unbreakable_00.05.16.065-00.05.21.941"
    (notes / "LSMDC16_annos_training.csv").write_text(
        f'{LSMDC_CLIP}\t{times}\tSOMEONE waves.\n"{other}\t{times}\tHe says ""no"".""\n\n'
        f"{LSMDC_CLIP}\t{times}\tSOMEONE smiles, and goes.\n"
    )
    touch(videos, f"0001_American_Beauty/{LSMDC_CLIP}.avi", f"1012_Unbreakable/{other}.avi")
    found = read_dataset("lsmdc", notes, videos, "train")
    assert captions(found) == {
        LSMDC_CLIP: ("SOMEONE waves.", "SOMEONE smiles, and goes."),
        other: ('He says "no"."',),
    }
    assert {(video.start, video.end) for video in found.videos} == {(None, None)}
    with pytest.raises(UsageError, match=r"“LSMDC16_annos_val\.csv” cannot be read from “notes”"):
        read_dataset("lsmdc", notes, videos, "val")


def test_vatex_reads_the_official_files_and_the_retrieval_lists(notes: Path, videos: Path) -> None:
    touch(videos, "a_000001_000011.mp4", "b_000002_000012.mkv")
    entries = [
        {"videoID": "a_000001_000011", "enCap": ["A dog.", "One dog."], "chCap": ["狗"]},
        {"videoID": "b_000002_000012", "enCap": ["A cat."], "chCap": ["猫"]},
    ]
    both = {"a_000001_000011": ("A dog.", "One dog."), "b_000002_000012": ("A cat.",)}
    (notes / "vatex_training_v1.0.json").write_text(json.dumps(entries))
    assert captions(read_dataset("vatex", notes, videos, "train")) == both
    (notes / "vatex_validation_v1.0.json").write_text(json.dumps(entries))
    with pytest.raises(UsageError, match=r"“test_list\.txt” cannot be read"):
        read_dataset("vatex", notes, videos, "test")
    (notes / "test_list.txt").write_text("b_000002_000012\n")
    assert captions(read_dataset("vatex", notes, videos, "test")) == {"b_000002_000012": ("A cat.",)}
    (notes / "ref_captions.json").write_text(json.dumps({"b_000002_000012": ["Another cat."]}))
    assert captions(read_dataset("vatex", notes, videos, "test")) == {"b_000002_000012": ("Another cat.",)}


def test_charades_reads_the_script(notes: Path, videos: Path) -> None:
    (notes / "Charades_v1_test.csv").write_text(
        CHARADES
        + 'YSKX3,CP6Y,Bedroom,5,6,Yes,"A person fixes the bed,\nthen throws a pillow.",bed,'
        + '"One.;Two.",c077 12.10 18.00,16.62\nAAH6R,ENHU,Hall,6,6,Yes,A person sits.,chair,x,,7.38\n'
    )
    touch(videos, "YSKX3.mp4", "AAH6R.mp4")
    assert captions(read_dataset("charades", notes, videos, "test")) == {
        "YSKX3": ("A person fixes the bed,\nthen throws a pillow.",),
        "AAH6R": ("A person sits.",),
    }


def test_msvd_reads_the_text_and_the_table_alike(notes: Path, videos: Path) -> None:
    touch(videos, "-4wsuPCjDBc_5_15.avi", "mv89psg6zh4_33_46.avi")
    (notes / "test_list.txt").write_text("mv89psg6zh4_33_46\n-4wsuPCjDBc_5_15\ngone_1_2\n")
    (notes / "MSR Video Description Corpus.csv").write_text(
        MSVD_TABLE
        + "mv89psg6zh4,33,46,588702,unverified,55,Slovene,Papagaj se umiva.\n"
        + "mv89psg6zh4,33,46,362812,unverified,36,English,A bird is bathing in a sink.\n"
        + "-4wsuPCjDBc,5,15,362812,clean,36,English,A squirrel is eating.\n"
        + "-4wsuPCjDBc,5,15,362812,clean,36,English,\n"
        + "mv89psg6zh4,33,46,1,clean,36,English,A bird bathes.\n"
        + "gone,1,2,1,clean,36,English,Nothing.\n"
    )
    table = read_dataset("msvd", notes, videos, "test")
    (notes / "AllVideoDescriptions.txt").write_text(
        "# Notice: for research only.\n#\n\nmv89psg6zh4_33_46 A bird is bathing in a sink.\n"
        "-4wsuPCjDBc_5_15 A squirrel is eating.\nmv89psg6zh4_33_46 A bird bathes.\ngone_1_2 Nothing.\n"
    )
    (notes / "MSR Video Description Corpus.csv").unlink()
    assert read_dataset("msvd", notes, videos, "test") == table
    assert list(captions(table).items()) == [
        ("mv89psg6zh4_33_46", ("A bird is bathing in a sink.", "A bird bathes.")),
        ("-4wsuPCjDBc_5_15", ("A squirrel is eating.",)),
    ]
    assert table.missing == ("gone_1_2",)


def test_the_real_clips_are_a_plain_csv(shared_data: Path) -> None:
    clips = shared_data / "clips"
    found = read_dataset("csv", clips / "manifest.csv", clips, "test")
    assert found == read_dataset("csv", clips, clips, "test")
    assert len(found.videos) == 37
    assert found.missing == ()
    assert found.summary() == "csv (test): 37 videos with 37 captions."
    assert all(video.path == clips / video.key for video in found.videos)


def test_a_plain_csv_may_tell_segments_and_several_captions(notes: Path, videos: Path) -> None:
    (notes / "train.csv").write_text(
        "caption,file,start,end\none,a.mp4,,\ntwo,a.mp4,2.5,4\nthree,a.mp4,2.5,4\nfour,a.mp4,9,\n"
    )
    touch(videos, "a.mp4")
    found = read_dataset("csv", notes, videos, "train")
    assert [(v.key, v.captions, v.start, v.end) for v in found.videos] == [
        ("a.mp4", ("one",), None, None),
        ("a.mp4@2.5-4", ("two", "three"), 2.5, 4.0),
        ("a.mp4@9-", ("four",), 9.0, None),
    ]


def test_no_name_leads_out_of_the_videos_folder(notes: Path, videos: Path) -> None:
    outside = videos.parent / "secret.mp4"
    outside.touch()
    names = ["../secret.mp4", "x/../../secret.mp4", str(outside), "..", ".", "/", "secret", "..\\secret.mp4"]
    touch(videos, "x/y.mp4")
    (notes / "test.csv").write_text("file,caption\n" + "".join(f"{name},a caption\n" for name in names))
    found = read_dataset("csv", notes, videos, "test")
    assert found.videos == ()
    assert found.missing == tuple(names)


def test_a_name_is_not_cut_where_its_dots_belong_to_it(notes: Path, videos: Path) -> None:
    (notes / "test.csv").write_text("file,caption\nvideo.1,a\nvideo,b\nsame.webm,c\n")
    touch(videos, "video.mp4", "video.txt", "b/same.mp4", "a/same.mkv", "a/same.json")
    found = read_dataset("csv", notes, videos, "test")
    assert [(v.key, v.path.relative_to(videos).as_posix()) for v in found.videos] == [
        ("video", "video.mp4"),
        ("same.webm", "a/same.mkv"),
    ]
    assert found.missing == ("video.1",)


@pytest.mark.parametrize(
    ("name", "file", "content", "sentence"),
    [
        ("msrvtt-1k-a", "MSRVTT_JSFUSION_test.csv", b"key,video_id\n", r"Line 1 of .* no column “sentence”"),
        (
            "msrvtt-1k-a",
            "MSRVTT_JSFUSION_test.csv",
            b"video_id,sentence\nvideo1,ok\nvideo2,\n",
            r"Line 3 of “MSRVTT_JSFUSION_test\.csv” has no “sentence”",
        ),
        ("msrvtt-1k-a", "MSRVTT_JSFUSION_test.csv", b'video_id,sentence\nv,"open\n', r"Line 2 of .* table"),
        (
            "msrvtt-1k-a",
            "MSRVTT_JSFUSION_test.csv",
            b"video_id,sentence\nv,ok\nw,\xff\n",
            r"Line 3 of .* is not UTF-8 text",
        ),
        ("msrvtt-1k-a", "MSRVTT_JSFUSION_test.csv", b"", r"Line 1 of .* no column “video_id”"),
        (
            "msrvtt-9k",
            "MSRVTT_data.json",
            b'{\n"sentences": [\n}',
            r"Line 3 of “MSRVTT_data\.json” is no JSON",
        ),
        ("msrvtt-9k", "MSRVTT_data.json", b"[" * 200_000, r"“MSRVTT_data\.json” is no JSON"),
        ("msrvtt-9k", "MSRVTT_data.json", b"[]", r"“MSRVTT_data\.json” holds no list of “sentences”"),
        (
            "msrvtt-9k",
            "MSRVTT_data.json",
            b'{"sentences": [{"caption": "a", "video_id": "v"}, {"caption": 3, "video_id": "v"}]}',
            r"“MSRVTT_data\.json” has no “caption” in its entry 2",
        ),
        (
            "didemo",
            "didemo_train_label.csv",
            b"video_path,starts,ends,text\n/x/a.mp4,tensor([3]),__import__('os'),hello\n",
            r"Line 2 of “didemo_train_label\.csv” has no start before its end",
        ),
        ("lsmdc", "LSMDC16_annos_training.csv", b"a\tb\tc\n", r"Line 1 of .* has 3 fields, not 6"),
        ("vatex", "vatex_training_v1.0.json", b'[{"videoID": "a"}]', r"no captions for a"),
        ("vatex", "vatex_training_v1.0.json", b'[{"enCap": ["a"]}]', r"no “videoID” in its entry 1"),
        ("charades", "Charades_v1_train.csv", b"id,script\n,A person sits.\n", r"Line 2 of .* no “id”"),
        ("csv", "train.csv", b"file,caption,start\na.mp4,x,nan\n", r"Line 2 of .* which is no time"),
        ("csv", "train.csv", b"file,caption,start,end\na.mp4,x,3,2\n", r"Line 2 of .* ends before it starts"),
    ],
)
def test_a_malformed_file_is_told_in_one_sentence_with_its_line(
    notes: Path, videos: Path, name: str, file: str, content: bytes, sentence: str
) -> None:
    (notes / file).write_bytes(content)
    split = "test" if name == "msrvtt-1k-a" else "train"
    with pytest.raises(UsageError, match=sentence) as caught:
        read_dataset(name, notes, videos, split)
    assert file in caught.value.sentence
    assert caught.value.advice


def test_a_video_listed_twice_is_refused(notes: Path, videos: Path) -> None:
    (notes / "MSRVTT_JSFUSION_test.csv").write_text("video_id,sentence\nvideo1,one\nvideo1,two\n")
    with pytest.raises(UsageError, match="lists video1 twice"):
        read_dataset("msrvtt-1k-a", notes, videos, "test")


def test_an_unknown_set_split_or_folder_is_refused(notes: Path, videos: Path) -> None:
    with pytest.raises(UsageError, match="no data set “kinetics”"):
        read_dataset("kinetics", notes, videos, "test")
    with pytest.raises(UsageError, match="no folder “nowhere”"):
        read_dataset("csv", notes, notes / "nowhere", "test")
    for name in DATASETS:
        with pytest.raises(UsageError, match="no split “holdout”"):
            read_dataset(name, notes, videos, "holdout")
