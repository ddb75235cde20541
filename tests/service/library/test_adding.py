"""From files to a published catalogue, and what bad input does on the way: one clear line each, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from av.stream import Disposition

from commands import analyse as analyse_verb
from commands import ingest as ingest_verb
from commands.ingest import _show
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import Film
from ingest.discover import LeftOut, NotFound, discover, find_films
from ingest.hear import Outcome
from media.decode import media_sha256
from service.library.adding import IngestReport, ingest
from service.library.editing import duplicates, plan_ingest
from service.library.ingest_steps import IngestedFilm
from service.rights.access import LOCAL
from service.rights.media_roots import add_root
from studio import Rendered, write_media
from tests.media.recordings import Recording, write
from tests.views.test_commands import run


def by_name(films: tuple[IngestedFilm, ...]) -> dict[str, IngestedFilm]:
    return {Path(film.path).name: film for film in films}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def filmscore(*arguments: str | Path, home: Home) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments), "--home", str(home.root)],
        capture_output=True,
        text=True,
        check=False,
    )


def in_latin_1(folder: Path) -> None:
    """Put a file there whose name is not UTF-8."""
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/Pr\xe9cieux.mkv")).write_text("a film")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")


def test_a_folder_of_good_and_bad_files(tmp_path: Path, home: Home, film_file: Path, rendered: Rendered) -> None:
    """The whole table of issue 2's bad inputs in one ingest, beside films that must go on."""
    folder = tmp_path / "films"
    (folder / "The Habit").mkdir(parents=True)
    odd = 'It\'s "odd" — émoji 🎬 [red]' + "x" * 150
    shutil.copy(film_file, folder / "The Habit" / f"{odd}.mkv")
    whole = film_file.read_bytes()
    (folder / "Cut.mkv").write_bytes(whole[: len(whole) // 2])
    (folder / "Text.mkv").write_text("not a film")
    (folder / "Empty.mp4").touch()
    write_media(rendered.samples[: 5 * 8000], folder / "Five.wav")
    write_media(np.zeros(30 * 8000, np.int16), folder / "Silence.flac")
    write_media(rendered.samples[:2000], folder / "Blink.wav")
    report = ingest(home, [folder, tmp_path / "nowhere"], workers=2)
    films = by_name(report.films)
    assert {name: film.status for name, film in films.items()} == {
        f"{odd}.mkv": "analysed",
        "Five.wav": "analysed",
        "Silence.flac": "analysed",
        "Cut.mkv": "failed",
        "Text.mkv": "failed",
        "Empty.mp4": "failed",
        "Blink.wav": "failed",
        "nowhere": "failed",
    }
    assert report.failed
    for name, film in films.items():
        if film.status == "failed":
            assert name in film.reason
            assert "\n" not in film.reason
            assert film.film_id is None
    assert "no music found" in films["Silence.flac"].reason
    assert "5 s is shorter" in films["Five.wav"].reason
    with Snapshot.open(home) as snapshot:
        published = snapshot.films()
        assert sorted(published.title) == sorted([odd, "Five", "Silence"])
        silence = films["Silence.flac"].film_id
        assert silence is not None
        summary = snapshot.summary(silence)
        assert summary is not None
        assert not summary.has_music
        heard = films[f"{odd}.mkv"].film_id
        assert heard is not None
        assert snapshot.film(heard).directors == ("The Habit",)
        assert snapshot.runs(heard)
    assert not list(home.scratch.iterdir())


@pytest.mark.usefixtures("heard_here")
def test_a_name_in_latin_1_is_one_row_and_the_others_are_heard(tmp_path: Path, home: Home, film_file: Path) -> None:
    shutil.copy(film_file, tmp_path / "Good.mkv")
    in_latin_1(tmp_path)
    films = ingest(home, [tmp_path], workers=1).films
    assert [film.status for film in films] == ["analysed", "failed"]
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().title) == ["Good"]


@pytest.mark.usefixtures("heard_here")
def test_extras_are_left_out_and_named_and_become_films_on_demand(tmp_path: Path, home: Home, film_file: Path) -> None:
    folder = tmp_path / "films" / "Heat (1995)"
    folder.mkdir(parents=True)
    shutil.copy(film_file, folder / "heat.mkv")
    write_media(np.zeros(12 * 8000, np.int16), folder / "trailer.wav")
    report = json.loads(run(ingest_verb, "ingest", str(tmp_path / "films"), "--json", "--home", str(home.root)))
    assert [Path(film["path"]).name for film in report["films"]] == ["heat.mkv"]
    assert report["left_out"] == [{"path": str(folder / "trailer.wav"), "kind": "trailer"}]
    ingest(home, [tmp_path / "films"], workers=1, with_extras=True)
    with Snapshot.open(home) as snapshot:
        assert sorted(snapshot.films().title) == ["Heat", "trailer"]


def test_the_printed_report_counts_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    left_out = (LeftOut(Path("a.mkv"), "trailer"), LeftOut(Path("b.mkv"), "trailer"))
    _show(IngestReport((), "s1", left_out))
    assert "2 trailers. --with-extras adds the extras." in capsys.readouterr().out


@pytest.mark.usefixtures("heard_here")
def test_parts_are_one_film_and_stay_it_when_their_first_is_named_alone(
    tmp_path: Path, home: Home, rendered: Rendered
) -> None:
    folder = tmp_path / "films" / "Heat (1995)"
    folder.mkdir(parents=True)
    half = len(rendered.samples) // 2
    first = write_media(rendered.samples[:half], folder / "heat-cd1.wav")
    second = write_media(rendered.samples[half:], folder / "heat-cd2.wav")
    [film] = ingest(home, [tmp_path / "films"], workers=1).films
    assert (film.path, film.further, film.status) == (str(first), (str(second),), "analysed")
    assert film.duration_s == pytest.approx(len(rendered.samples) / 8000)
    [again] = ingest(home, [first], workers=1).films
    assert (again.status, again.film_id, again.copy_of) == ("skipped", film.film_id, "")
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().title) == ["Heat"]


@pytest.mark.usefixtures("heard_here")
def test_a_film_is_heard_once_and_known_by_its_hash_when_it_moves(tmp_path: Path, home: Home, film_file: Path) -> None:
    first = tmp_path / "One.mkv"
    shutil.copy(film_file, first)
    [film] = ingest(home, [first], workers=1).films
    assert film.status == "analysed"
    moved = first.rename(tmp_path / "Renamed.mkv")
    [again] = ingest(home, [moved], workers=1).films
    assert (again.status, again.film_id) == ("skipped", film.film_id)
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().media_path) == [str(moved)]


@pytest.mark.usefixtures("heard_here")
def test_a_copy_of_a_film_leaves_it_its_file_and_is_named(tmp_path: Path, home: Home, film_file: Path) -> None:
    first, copy = tmp_path / "One.mkv", tmp_path / "Copy of one.mkv"
    shutil.copy(film_file, first)
    [film] = ingest(home, [first], workers=1).films
    shutil.copy(film_file, copy)
    [again] = ingest(home, [copy], workers=1).films
    assert (again.status, again.film_id, again.copy_of) == ("skipped", film.film_id, str(first))
    assert again.reason == f"the same content as {first}"
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().media_path) == [str(first)]
    [(twice, paths)], alike = duplicates(home, LOCAL)
    assert (twice.film_id, paths, alike) == (film.film_id, [str(first), str(copy)], [])

    first.unlink()
    [moved] = ingest(home, [copy], workers=1).films
    assert (moved.film_id, moved.copy_of) == (film.film_id, "")
    assert duplicates(home, LOCAL) == ([], [])
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().media_path) == [str(copy)]


@pytest.mark.usefixtures("heard_here")
def test_two_files_of_one_content_in_one_ingest_are_one_film(tmp_path: Path, home: Home, film_file: Path) -> None:
    for name in ("A.mkv", "B.mkv"):
        shutil.copy(film_file, tmp_path / name)
    films = ingest(home, [tmp_path / "A.mkv", tmp_path / "B.mkv"], workers=2).films
    assert len({film.film_id for film in films}) == 1
    assert sorted(bool(film.copy_of) for film in films) == [False, True]
    [(_, paths)], _ = duplicates(home, LOCAL)
    assert sorted(paths) == [str(tmp_path / "A.mkv"), str(tmp_path / "B.mkv")]


@pytest.mark.usefixtures("heard_here")
def test_a_film_whose_file_was_overwritten_by_another_has_moved(tmp_path: Path, home: Home, film_file: Path) -> None:
    first = tmp_path / "One.mkv"
    shutil.copy(film_file, first)
    [film] = ingest(home, [first], workers=1).films
    moved = first.rename(tmp_path / "Renamed.mkv")
    first.write_bytes(film_file.read_bytes()[:-1] + b"?")
    [again] = ingest(home, [moved], workers=1).films
    assert (again.film_id, again.copy_of) == (film.film_id, "")
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().media_path) == [str(moved)]


@pytest.mark.usefixtures("heard_here")
def test_a_file_that_a_better_copy_replaced_is_still_its_film(tmp_path: Path, home: Home, film_file: Path) -> None:
    file = tmp_path / "One.mkv"
    shutil.copy(film_file, file)
    [film] = ingest(home, [file], workers=1).films
    with State.open(home) as state:
        state.update_film(film.film_id or 0, title="What I call it")
    file.write_bytes(film_file.read_bytes()[:-1] + b"?")
    [again] = ingest(home, [file], workers=1).films
    assert (again.status, again.film_id, again.copy_of) == ("analysed", film.film_id, "")
    with Snapshot.open(home) as snapshot:
        assert snapshot.films()[["title", "media_sha256"]].values.tolist() == [["What I call it", media_sha256(file)]]


def test_duplicates_by_title_share_year_and_a_director(home: Home) -> None:
    with State.open(home) as state:
        ids = state.add_films(
            [
                Film("The Birds", directors=("Alfred Hitchcock",), year=1963),
                Film("Birds, The", directors=("Alfred Hitchcock", "Another"), year=1963),
                Film("The Birds", directors=("Somebody Else",), year=1963),
                Film("The Birds", directors=("Alfred Hitchcock",), year=1999),
                Film("Vertigo", directors=("Alfred Hitchcock",), year=1958),
            ]
        )
    copied, [group] = duplicates(home, LOCAL)
    assert copied == [] and [film.film_id for film in group] == ids[:2]


def test_a_plan_reads_no_film_and_says_what_is_known_by_path_and_time(
    tmp_path: Path, home: Home, film_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "films"
    root.mkdir()
    add_root(home, LOCAL, root)
    for name in ("Heard.mkv", "Changed.mkv", "New.mkv"):
        shutil.copy(film_file, root / name)
    with State.open(home) as state:
        for number, title in enumerate(("Heard", "Changed")):
            film_id = state.add_film(Film(title))
            state.attach_media(film_id, f"{number:064x}", 0, str(root / f"{title}.mkv"), "v")
    later = time.time() + 60
    os.utime(root / "Changed.mkv", (later, later))
    monkeypatch.setattr("hashlib.file_digest", lambda *_: pytest.fail("a film was read"))
    plan = plan_ingest(home, LOCAL, root)
    said = {film.path.name: (film.heard, film.known.title if film.known else "") for film in plan.films}
    assert said == {"Heard.mkv": (True, "Heard"), "Changed.mkv": (False, "Changed"), "New.mkv": (False, "")}


def test_a_plan_says_film_year_id_poster_and_what_is_left_out(tmp_path: Path, home: Home, film_file: Path) -> None:
    root = tmp_path / "films"
    outside = tmp_path / "secret.nfo"
    outside.write_text("<movie><title>Secret</title></movie>")
    for name in (
        "Night Ferry (1970)/a1b2c3.mkv",
        "Night Ferry (1970)/a1b2c3-trailer.mkv",
        "Tin Comet (1992) [imdbid-tt9000002]/Tin Comet (1992)-cd1.mkv",
        "Tin Comet (1992) [imdbid-tt9000002]/Tin Comet (1992)-cd2.mkv",
        "Glass Road (1988)/Glass Road (1988) - 1080p.mkv",
        "Glass Road (1988)/Glass Road (1988) - 2160p.mkv",
        "Odd (1999)/Odd (1999).mkv",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(film_file, root / name)
    ferry = root / "Night Ferry (1970)"
    ferry.joinpath("movie.nfo").write_text(
        "<movie><title>The Night Ferry</title><year>1971</year><director>Ana Berg</director>"
        "<uniqueid type='imdb'>tt9000003</uniqueid></movie>"
    )
    for name in ("poster.jpg", "a1b2c3.en.srt", "readme.txt"):
        (ferry / name).write_bytes(b"")
    (root / "Odd (1999)" / "movie.nfo").symlink_to(outside)
    add_root(home, LOCAL, root)
    plan = plan_ingest(home, LOCAL, root)
    said = {
        one.title: (one.year, one.director, one.imdb_id, one.has_poster, len(one.further), len(one.versions))
        for one in plan.films
    }
    assert said == {
        "The Night Ferry": (1971, "Ana Berg", "tt9000003", True, 0, 0),
        "Tin Comet": (1992, "", "tt9000002", False, 1, 0),
        "Glass Road": (1988, "", "", False, 0, 1),
        "Odd": (1999, "", "", False, 0, 0),
    }
    assert [one.notes for one in plan.films if one.title == "Odd"] == [("movie.nfo: lies outside of the media roots.",)]
    assert {one.path.name: one.kind for one in plan.left_out} == {
        "a1b2c3-trailer.mkv": "trailer",
        "readme.txt": "other file",
        "movie.nfo": "other file",  # the refused one; the one that was read is not left out
    }


@pytest.mark.usefixtures("heard_here")
def test_media_arrives_at_the_film_that_was_known_before(tmp_path: Path, home: Home, film_file: Path) -> None:
    with State.open(home) as state:
        known = state.add_film(Film("Rear Window", directors=("Alfred Hitchcock",), year=1954, rating=8.5))
    path = tmp_path / "films" / "Alfred Hitchcock" / "Rear Window (1954).mkv"
    path.parent.mkdir(parents=True)
    shutil.copy(film_file, path)
    [film] = ingest(home, [tmp_path / "films"], workers=1).films
    assert film.film_id == known
    with Snapshot.open(home) as snapshot:
        assert snapshot.film(known).rating == 8.5
        assert snapshot.summary(known) is not None


@pytest.mark.usefixtures("heard_here")
@pytest.mark.parametrize(
    "path", ["Coen Brothers/Oh Brother Where Art Thou.mkv", "O.Brother.Where.Art.Thou.2000.1080p.mkv"]
)
def test_media_finds_its_film_by_the_rules_of_matching(tmp_path: Path, home: Home, film_file: Path, path: str) -> None:
    with State.open(home) as state:
        known = state.add_film(Film("O Brother, Where Art Thou?", directors=("Joel Coen", "Ethan Coen"), year=2000))
        state.add_film(Film("Fargo", directors=("Joel Coen", "Ethan Coen"), year=1996))
    target = tmp_path / "films" / path
    target.parent.mkdir(parents=True)
    shutil.copy(film_file, target)
    [film] = ingest(home, [tmp_path / "films"], workers=1).films
    assert film.film_id == known


@pytest.mark.usefixtures("heard_here")
def test_a_decision_is_kept(tmp_path: Path, home: Home, film_file: Path) -> None:
    with State.open(home) as state:
        known = state.add_film(Film("The Man Who Knew Too Much", year=1934))
        state.add_film(Film("The Man Who Knew Too Much", year=1956))
        state.decide("Hitchcock/Man Who Knew", film_id=known)
    target = tmp_path / "films" / "Hitchcock" / "Man Who Knew.mkv"
    target.parent.mkdir(parents=True)
    shutil.copy(film_file, target)
    [film] = ingest(home, [tmp_path / "films"], workers=1).films
    assert film.film_id == known


@pytest.mark.usefixtures("heard_here")
def test_metadata_describes_films_of_the_same_title(tmp_path: Path, home: Home, film_file: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("movie,year,director,genres,cast\nShort Film,1999,The Habit,Drama|Crime,A|B\nOther,2000,X,,\n")
    shutil.copy(film_file, tmp_path / "Short Film.mkv")
    [film] = ingest(home, [tmp_path / "Short Film.mkv"], metadata=sheet, collection="mine", workers=1).films
    with Snapshot.open(home) as snapshot:
        [row] = snapshot.films().to_dict("records")
    assert row["film_id"] == film.film_id
    assert (row["year"], row["collection"]) == (1999, "mine")
    assert list(row["genres"]) == ["Drama", "Crime"]


def test_a_file_named_twice_counts_once(tmp_path: Path, film_file: Path) -> None:
    shutil.copy(film_file, tmp_path / "a.mkv")
    found, missing, left_out = find_films([tmp_path, tmp_path / "a.mkv"])
    assert ([film.title for film in found], missing, left_out) == (["a"], [], [])


def test_json_on_stdout_and_one_line_a_failure_on_stderr(tmp_path: Path, home: Home) -> None:
    (tmp_path / "Text.mkv").write_text("not a film")
    in_latin_1(tmp_path)
    done = filmscore("ingest", tmp_path, tmp_path / "nowhere", "--workers", "1", "--json", home=home)
    assert done.returncode == 1
    films = {Path(film["path"]).name: film for film in json.loads(done.stdout)["films"]}
    assert films["nowhere"]["reason"] in done.stderr.replace("\n", "")
    assert films["Text.mkv"]["status"] == "failed"
    assert films["Text.mkv"]["film_id"] is None
    assert "Text.mkv: We can't read this file as audio or video" in done.stderr
    assert "not UTF-8" in films["Pr\\xe9cieux.mkv"]["reason"]
    assert "Traceback" not in done.stderr


@pytest.mark.fault("Ctrl-C in the middle of an ingest")
def test_ctrl_c_keeps_what_was_heard(tmp_path: Path, home: Home, film_file: Path, rendered: Rendered) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in its background ignores Ctrl-C
    folder = tmp_path / "films"
    folder.mkdir()
    shutil.copy(film_file, folder / "A.mkv")
    long = np.tile(rendered.samples, 60)
    write_media(long, folder / "B.wav")
    write_media(long[8000:], folder / "C.wav")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "ingest", folder, "--workers", "1", "--json", "--home", home.root],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    log = home.root / "logs" / "filmscore.jsonl"
    while not (log.exists() and "A.mkv" in log.read_text("utf-8")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    statuses = {Path(film["path"]).name: film for film in json.loads(out)["films"]}
    assert statuses["A.mkv"]["status"] == "analysed"
    assert "stopped before the film was analysed" in statuses["C.wav"]["reason"]
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.films().title) == ["A"]
    assert not list(home.scratch.iterdir())


@pytest.mark.fault("A folder that may not be read, as an unprivileged user")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for parent in tmp_path.parents:
        if parent.name.startswith("pytest-"):
            parent.chmod(0o711)
    tmp_path.chmod(0o711)
    os.seteuid(65534)
    try:
        [item] = discover([closed])
    finally:
        os.seteuid(0)
    assert isinstance(item, NotFound)
    assert "cannot be read" in item.reason


@pytest.mark.usefixtures("heard_here")
def test_outcomes_reach_the_caller_as_films_end(tmp_path: Path, home: Home, film_file: Path) -> None:
    shutil.copy(film_file, tmp_path / "One.mkv")
    seen: list[Outcome] = []
    stages: set[str] = set()
    ingest(
        home,
        [tmp_path / "One.mkv"],
        workers=1,
        on_outcome=seen.append,
        on_progress=lambda event: stages.add(event.stage),
    )
    assert [outcome.media_sha256 for outcome in seen] == [media_sha256(film_file)]
    assert stages >= {"decode", "activity", "attributes"}


@pytest.mark.usefixtures("heard_here")
def test_the_documents_say_which_track_was_heard_and_which_there_are(tmp_path: Path, home: Home) -> None:
    film = write(
        tmp_path,
        Recording(
            "Two.mkv",
            "flac",
            tracks=2,
            seconds=12,
            default_track=0,
            flags={0: Disposition.comment},
            titles={1: "Stereo"},
        ),
    )
    tracks = [
        {
            "number": number,
            "language": "",
            "title": title,
            "codec": "flac",
            "channels": 2,
            "default": number == 0,
            "purpose": purpose,
        }
        for number, title, purpose in [(0, "", "commentary"), (1, "Stereo", "")]
    ]
    at_home = ("--home", str(home.root))
    heard = json.loads(run(analyse_verb, "analyse", str(film), "--json", *at_home))
    assert (heard["track"], heard["tracks"]) == (1, tracks)
    shown = run(analyse_verb, "analyse", str(film), *at_home)
    assert "Heard: track 1 (Stereo). Not heard: track 0 (commentary)." in shown
    for status in ("analysed", "skipped"):
        (row,) = json.loads(run(ingest_verb, "ingest", str(film), "--json", *at_home))["films"]
        assert (row["status"], row["track"], row["tracks"]) == (status, 1, tracks)
