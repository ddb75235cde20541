"""The vocabulary of filmscore: the types that describe a film, its sound and its music.

Imports nothing of ours but `senses`, so that every room may import it. Definitions: docs/design.md, "The vocabulary".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from senses import Dialogue, Faces, Picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FloatArray: TypeAlias = "npt.NDArray[np.floating]"


class AnalysisStatus(StrEnum):
    """The outcome of the analysis of a media file."""

    ANALYSED = "analysed"
    SKIPPED = "skipped"
    """A result of the same model version was there."""
    FAILED = "failed"


class JobStatus(StrEnum):
    """How far a job is. Stored in the table of jobs."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def unfinished(self) -> bool:
        return self in (JobStatus.QUEUED, JobStatus.RUNNING)

    @property
    def can_be_retried(self) -> bool:
        return self in (JobStatus.FAILED, JobStatus.CANCELLED)


GENRES = ("blues", "rock", "pop", "metal", "jazz", "classical", "electronic", "hiphop", "country", "dance")
"""The ten music genres in the thesis's order; the index is the class number."""

SURE_OF_KEY = 0.6
"""A run's key is shown to people from this confidence on."""
_MAJOR = ("C", "D-flat", "D", "E-flat", "E", "F", "F-sharp", "G", "A-flat", "A", "B-flat", "B")
_MINOR = ("C", "C-sharp", "D", "E-flat", "E", "F", "F-sharp", "G", "G-sharp", "A", "B-flat", "B")
KEYS = (*(f"{tonic} major" for tonic in _MAJOR), *(f"{tonic} minor" for tonic in _MINOR))
"""The 24 keys; the index is the number that MusicRun.further["key"] has."""

ATTRIBUTES = ("danceability", "valence", "energy")
"""The three-level attributes of music."""

LEVELS: dict[str, tuple[str, str, str]] = {
    "danceability": ("low", "medium", "high"),
    "valence": ("negative", "neutral", "positive"),
    "energy": ("low", "medium", "high"),
}
"""Names of the levels 0, 1, 2 per attribute."""

LABELS = ("music", "speech", "other")
"""The label of a second; the index is the class number (thesis 2.4)."""

MUSIC, SPEECH, OTHER = 0, 1, 2

PRESENCE = ("music_present", "speech_present", "music_under_speech")
"""What is present in a second, in addition to its one label: music and speech may both be present."""

LOUDNESS = ("loudness_lufs", "music_loudness_lufs")
"""Integrated loudness (ITU-R BS.1770-5) of the whole film, and of the seconds with music in which nobody speaks."""

MIN_RUN_S = 10
"""A run has at least this many consecutive seconds with music."""

BOUNDS: dict[str, tuple[int, int]] = {
    "year": (1870, 2100),
    "rating": (0, 10),
    "votes": (0, 10**9),
    "metascore": (0, 100),
    "runtime_minutes": (0, 10**5),
}
"""The lowest and the highest valid value of each numeric field of a film, whatever its source."""


@dataclass(frozen=True)
class Film:
    """Metadata of a film. Empty or None means unknown."""

    title: str
    film_id: int | None = None
    other_title: str = ""
    directors: tuple[str, ...] = ()
    year: int | None = None
    imdb_id: str = ""
    rating: float | None = None
    """IMDb rating, 0-10."""
    votes: int | None = None
    metascore: int | None = None
    """0-100."""
    runtime_minutes: int | None = None
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Keywords that people give a film in addition to its genres: "heist", "christmas"."""
    film_set: str = ""
    """The series of films to which it belongs: "Alien Collection"."""
    plot: str = ""
    collection: str = ""
    media_path: str = ""
    media_sha256: str = ""
    added_at: str = ""
    """ISO 8601, UTC."""


@dataclass(frozen=True)
class AudioTrack:
    """One audio track of a media file, as its container describes it."""

    number: int
    """0-based among the file's audio tracks."""
    language: str = ""
    """As the container writes it (mostly ISO 639-2); empty if it does not say."""
    title: str = ""
    codec: str = ""
    """FFmpeg's name of the decoder; empty if there is none."""
    channels: int = 0
    default: bool = False
    """Whether the container marks it as default."""
    purpose: str = ""
    """Empty: the film's own sound. Else commentary, audio description, or for the hearing impaired."""


@dataclass(frozen=True)
class TextTrack:
    """Subtitles of a film: a file beside it, or a track inside it."""

    path: str = ""
    """The file; empty for a track inside the media file."""
    number: int | None = None
    """0-based among the text tracks of the media file; None for a file."""
    language: str = ""
    """Two letters of ISO 639-1 where the language has them, else as the name or the container writes it; empty = not
    said."""
    title: str = ""
    codec: str = ""
    """srt, ass, ssa, vtt, mov_text, ...; for pictures FFmpeg's name (hdmv_pgs_subtitle, dvd_subtitle)."""
    forced: bool = False
    """Contains only signs and speech that are not in the film's own language."""
    hearing_impaired: bool = False
    """Also describes sounds (SDH)."""
    commentary: bool = False
    default: bool = False
    is_text: bool = True
    """False for pictures of text, or a format that is not supported."""


@dataclass(frozen=True)
class Cue:
    """One subtitle: when it is shown, and its plain text (lines separated by a newline)."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Activity:
    """Activity detected in each whole second of a film.

    `music` and `speech` are smoothed probabilities of being present (both may be); `label` is one of LABELS by index.
    """

    music: npt.NDArray[np.float32]
    """(n_seconds,)"""
    speech: npt.NDArray[np.float32]
    """(n_seconds,)"""
    label: npt.NDArray[np.int8]
    """(n_seconds,), values MUSIC, SPEECH, OTHER"""
    present: npt.NDArray[np.bool_]
    """(n_seconds,): music is present; runs are made of these."""

    def spoken(self) -> npt.NDArray[np.bool_]:
        """(n_seconds,) whether speech is present: its probability is at least 0.5, or the label says speech."""
        said: npt.NDArray[np.bool_] = (self.speech >= 0.5) | (self.label == SPEECH)
        return said

    def has_music(self, start_s: float, end_s: float) -> bool:
        """Whether music is present during at least half of the seconds that a span touches; False outside the film."""
        seconds = self.present[int(start_s) : max(int(start_s) + 1, round(end_s))]
        return bool(len(seconds)) and float(seconds.mean()) >= 0.5

    def presence(self) -> dict[str, float]:
        """Percentage of all seconds with music, with speech, and with both at once, by the names of PRESENCE.

        Zeros for a film of no second.
        """
        speech = self.spoken()
        seconds = max(len(self.present), 1)
        counts = (self.present.sum(), speech.sum(), (self.present & speech).sum())
        return {name: 100.0 * int(count) / seconds for name, count in zip(PRESENCE, counts, strict=True)}


@dataclass(frozen=True)
class WindowAttributes:
    """Class probabilities of successive 10 s windows."""

    genre: npt.NDArray[np.float32]
    """(n_windows, 10), rows sum to 1"""
    danceability: npt.NDArray[np.float32]
    """(n_windows, 3)"""
    valence: npt.NDArray[np.float32]
    """(n_windows, 3)"""
    energy: npt.NDArray[np.float32]
    """(n_windows, 3)"""
    embedding: npt.NDArray[np.float32]
    """(n_windows, d)"""
    further: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    """Named further attributes, (n_windows,) each: acousticness, instrumentalness, tempo_bpm, tempo_confidence, key (an
    index into KEYS, the same in all windows), key_confidence, minor."""
    tags: dict[str, float] = field(default_factory=dict)
    """The tags that fit these windows together best, the best first, with their mean probability, 0-1; not kept in the
    part, the run has them."""


@dataclass(frozen=True)
class MusicRun:
    """Successive seconds with music present (the thesis's "segment"). `end_s` is exclusive."""

    start_s: int
    end_s: int
    genre: str
    genre_p: float
    danceability: str
    danceability_p: float
    valence: str
    valence_p: float
    energy: str
    energy_p: float
    embedding: tuple[float, ...] = ()
    """Mean of the windows' embeddings."""
    further: dict[str, float] = field(default_factory=dict)
    """Mean of the windows' further attributes."""
    tags: dict[str, float] = field(default_factory=dict)
    """The tags that fit best, the best first, with their mean probability, 0-1; empty where the ear gives none."""

    @property
    def seconds(self) -> int:
        return self.end_s - self.start_s

    @property
    def key(self) -> str | None:
        """One of KEYS; None where the ear does not hear keys."""
        return KEYS[int(self.further["key"])] if "key" in self.further else None


@dataclass(frozen=True)
class FilmSummary:
    """The movie layer (thesis Table 16): unrounded percentages; all zero for a film without runs."""

    genres: dict[str, float]
    """Share of each of GENRES in the seconds of all runs."""
    danceability: dict[str, float]
    valence: dict[str, float]
    energy: dict[str, float]
    music: float
    """Share of the film's seconds whose label is music; likewise speech, other."""
    speech: float
    other: float
    further: dict[str, float] = field(default_factory=dict)
    """Means over the runs, weighted by duration; without `key`, of which there is no mean."""
    presence: dict[str, float] = field(default_factory=dict)
    """`Activity.presence`. The three labels of a film sum to 100; these overlap."""
    loudness: dict[str, float] = field(default_factory=dict)
    """LUFS by the names of LOUDNESS. A name is absent where nothing could be measured: silence, no music without
    speech, or a film that an earlier filmscore analysed."""

    @property
    def has_music(self) -> bool:
        """Whether the film has at least one run."""
        return any(self.genres.values())

    def dominant(self, attribute: str) -> str | None:
        """The level with the largest share; a tie goes to the lower level; None without runs."""
        shares: dict[str, float] = getattr(self, attribute)
        if not self.has_music:
            return None
        return max(LEVELS[attribute], key=lambda level: (shares[level], -LEVELS[attribute].index(level)))


@dataclass(frozen=True)
class FilmAnalysis:
    """The complete analysis of one media file."""

    media: str
    """The path as given."""
    media_sha256: str
    audio_track: int
    duration_s: float
    model_version: str
    activity: Activity
    runs: tuple[MusicRun, ...]
    summary: FilmSummary
    windows: tuple[WindowAttributes, ...] = ()
    """One per run; they stay in the part."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time of decode, activity, attributes, total."""
    peak_memory_mb: float = 0.0
    tracks: tuple[AudioTrack, ...] = ()
    """The file's audio tracks; not kept in the part."""
    subtitles: tuple[TextTrack, ...] = ()
    """All subtitles beside and inside the film; not kept in the part."""
    dialogue: Dialogue | None = None
    """The dialogue; None without subtitles."""
    picture: Picture | None = None
    """The look of the film; None without a picture, or with only a cover."""
    faces: Faces | None = None
    """Its faces; None without a picture."""
    senses_from: str = ""
    """The sources of the other senses, and the edition of the code that read them; empty = they have not been read."""
    warnings: tuple[str, ...] = ()
    """Problems with sound, dialogue or picture, one line each; not kept in the part."""


def largest_remainder(shares: Sequence[float], total: int = 100) -> list[int]:
    """Round shares to integers that sum to `total`, each rounded down or up. Of equal remainders, the first is rounded
    up.

    Shares that are all zero (a film without music) stay zeros.
    """
    whole = sum(shares)
    if whole <= 0:
        return [0] * len(shares)
    exact = [share * total / whole for share in shares]
    floors = [int(value + 1e-9) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (-round(exact[i] - floors[i], 9), i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors
