"""A manifest is refused by row, before anything is heard."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from errors import ModelError, ParameterError
from models.examples.manifest import read_manifest
from models.training.from_manifest import check_trainable


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    for name in "abcdef":
        (tmp_path / f"{name}.wav").write_bytes(b"RIFF")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "film, the.wav").write_bytes(b"RIFF")
    return tmp_path


def manifest(folder: Path, text: str | bytes) -> Path:
    path = folder / "m.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_labels_are_names_or_numbers_and_groups_default_to_the_file(clips: Path) -> None:
    text = 'path,label,start_s,end_s,group\na.wav,Music,,,\nb.wav,1,0.5,2,film\n"film, the.wav",other,,,film\n'
    found = read_manifest(manifest(clips, text), "detector").clips
    assert [clip.label for clip in found] == [0, 1, 2]
    assert [clip.row for clip in found] == [2, 3, 4]
    assert found[0].group == str((clips / "a.wav").resolve())
    assert found[1].group == found[2].group == "film"
    assert (found[1].start_s, found[1].end_s) == (0.5, 2.0)


def test_manifests_may_be_gzipped_and_carry_a_byte_order_mark(clips: Path) -> None:
    text = "\ufeffpath,label\na.wav,low\nb.wav,2\n".encode()
    path = clips / "m.csv.gz"
    path.write_bytes(gzip.compress(text))
    assert [clip.label for clip in read_manifest(path, "energy").clips] == [0, 2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no rows"),
        ("path,label\n", "no rows"),
        ("file,label\na.wav,rock\n", "column path missing"),
        ("path,label\nzzz.wav,rock\nb.wav,pop\n", "row 2: zzz.wav: no such file"),
        ("path,label\na.wav,rock\n.,pop\n", "row 3: .: no such file"),
        ("path,label\na.wav,rock\nempty.wav,pop\n", "row 3: empty.wav: the file is empty"),
        ("path,label\na.wav,rock\n,pop\n", "row 3: no path"),
        ("path,label\na.wav,rock\nb.wav,polka\n", "row 3: unknown label 'polka'"),
        ("path,label\na.wav,rock\nb.wav,10\n", "row 3: unknown label '10'"),
        ("path,label\na.wav,rock\nb.wav,-1\n", "row 3: unknown label '-1'"),
        ("path,label\na.wav,rock\nb.wav,nan\n", "row 3: unknown label 'nan'"),
        ("path,label\na.wav,rock\nb.wav,\n", "row 3: unknown label ''"),
        ("path,label\na.wav,rock\nb.wav\n", "row 3: unknown label ''"),
        ("path,label\na.wav,rock\nb.wav,rock\n", "one class only"),
        ("path,label,start_s\na.wav,rock,nan\nb.wav,pop,0\n", "row 2: start_s is nan"),
        ("path,label,start_s\na.wav,rock,-1\nb.wav,pop,0\n", "row 2: start_s is -1"),
        ("path,label,start_s\na.wav,rock,x\nb.wav,pop,0\n", "row 2: start_s is 'x'"),
        ("path,label,start_s,end_s\na.wav,rock,3,3\nb.wav,pop,,\n", "row 2: end_s 3 is not after start_s 3"),
        ("path,label,end_s\na.wav,rock,inf\nb.wav,pop,\n", "row 2: end_s is inf"),
        ("path,label\nfilm, the.wav,rock\nb.wav,pop\n", "row 2: more values than columns"),
        ("path,label,group\na.wav,rock,x\na.wav,pop,y\n", "row 3: a.wav is in group 'y' here and in 'x' in row 2"),
        ("path,label\na.wav,rock\n\n\nb.wav,polka\n", "row 5: unknown label 'polka'"),
        ("path,label,start_s\na.wav,rock,1e308\nb.wav,pop,0\n", "row 2: start_s is 1e308, more than 48 hours"),
        ("path,label,groups\na.wav,rock,x\nb.wav,pop,x\n", "column 'groups' is not known. Is group meant?"),
        ("path,label,start\na.wav,rock,0\nb.wav,pop,0\n", "column 'start' is not known. Is start_s meant?"),
        ("path,label\na.wav,rock\na.wav,pop\n", "row 3: a.wav is pop here and rock in row 2"),
        ("path,label,start_s,end_s\na.wav,rock,5,\na.wav,pop,0,6\nb.wav,pop,,\n", "row 2: a.wav is rock here and pop"),
        (
            "path,label,start_s,end_s\na.wav,rock,0,90\na.wav,rock,10,20\na.wav,pop,30,40\n",
            "row 4: a.wav is pop here and rock in row 2",
        ),
        (b"path,label\n\xff\xfe.wav,rock\n", "not UTF-8"),
        (b"path,label\na\x00.wav,rock\n", "NUL"),
    ],
)
def test_bad_manifests_are_refused_by_row(clips: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ParameterError) as refused:
        read_manifest(manifest(clips, text), "genre")
    assert says in str(refused.value)
    assert "m.csv" in str(refused.value)


def test_parts_of_a_file_may_have_labels_of_their_own_and_other_columns_are_no_fault(clips: Path) -> None:
    text = "path,label,start_s,end_s,title,group\na.wav,rock,0,5,One,x\na.wav,pop,5,,Two,x\nb.wav,pop,,,Three,y\n"
    found = read_manifest(manifest(clips, text), "genre").clips
    assert [(clip.row, clip.group) for clip in found] == [(2, "x"), (3, "x"), (4, "y")]


def test_a_draw_that_leaves_one_class_on_a_side_is_refused_before_hearing(clips: Path) -> None:
    rows = "a.wav,rock,x\nb.wav,rock,x\nc.wav,pop,x\nd.wav,rock,y\ne.wav,pop,z\n"
    found = read_manifest(manifest(clips, f"path,label,group\n{rows}"), "genre")
    with pytest.raises(ModelError, match="fewer than two classes"):
        for seed in range(20):  # y, which has rock only, is the test part or not
            check_trainable(found, seed=seed)


def test_a_field_without_end_is_refused_whatever_the_process_allows(clips: Path) -> None:
    allowed = csv.field_size_limit(131_072)
    try:
        for length, says in (
            (200_000, "row 3: unknown label 'x{40}'"),
            (1_000_001, r"line 3: not a CSV \(field larger"),
        ):
            with pytest.raises(ParameterError, match=says):
                read_manifest(manifest(clips, "path,label\na.wav,rock\nb.wav," + "x" * length + "\n"), "genre")
    finally:
        csv.field_size_limit(allowed)


@pytest.mark.parametrize("text", ["path;label\na.wav;rock\nb.wav;pop\n", "path\tlabel\na.wav\trock\nb.wav\tpop\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_manifest_may_be_saved_by_any_spreadsheet(clips: Path, text: str, encoding: str) -> None:
    found = read_manifest(manifest(clips, text.encode(encoding)), "genre").clips
    assert [(clip.path.name, clip.row) for clip in found] == [("a.wav", 2), ("b.wav", 3)]


def test_a_missing_or_broken_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"none\.csv: cannot be read \(no such file\)"):
        read_manifest(tmp_path / "none.csv", "genre")
    with pytest.raises(ParameterError, match="cannot be read"):
        read_manifest(tmp_path, "genre")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"path,label\n" * 99)[:-9])
    with pytest.raises(ParameterError, match=r"truncated or damaged \.gz"):
        read_manifest(tmp_path / "cut.csv.gz", "genre")


def test_one_class_may_be_evaluated_but_not_trained_on(clips: Path) -> None:
    path = manifest(clips, "path,label\na.wav,rock\nb.wav,rock\n")
    assert len(read_manifest(path, "genre", for_training=False).clips) == 2


def test_too_few_recordings_are_refused_before_hearing(clips: Path) -> None:
    path = manifest(clips, "path,label\na.wav,rock\nb.wav,rock\nc.wav,pop\n")
    with pytest.raises(ParameterError, match="row 4: pop has 1 recording"):
        check_trainable(read_manifest(path, "genre"))
    path = manifest(clips, "path,label\na.wav,music\nb.wav,speech\n")
    with pytest.raises(ParameterError, match="no clips of other"):
        check_trainable(read_manifest(path, "detector"))
