"""The errors that filmscore raises deliberately.

Every message names the thing (file, title, option), says what is wrong with it and what to do about it; the front
doors print it as one line. Anything else that escapes is a defect.
"""


class FilmscoreError(Exception):
    """Base class. `exit_code` is the exit code of the command line."""

    exit_code = 1

    @property
    def message(self) -> str:
        """What `str` gives, as it was given: made by `told`, it can be said in another language."""
        given: str = self.args[0] if self.args else ""
        return given


class ParameterError(FilmscoreError):
    """An argument is out of range or has the wrong shape; also an unknown title or a wrong option."""

    exit_code = 2


class MediaError(FilmscoreError):
    """A media file cannot be analysed: not media, empty, truncated, without an audio track, or unreadable."""

    exit_code = 1


class MetadataError(FilmscoreError):
    """Metadata from outside (CSV, IMDb, Spotify) are malformed or contradictory."""

    exit_code = 2


class CatalogueError(FilmscoreError):
    """The catalogue, its index, its state or its directory cannot be used."""

    exit_code = 3


class ModelError(FilmscoreError):
    """A model is missing, truncated, altered or of another version, or its training cannot start."""

    exit_code = 3


class AccessError(FilmscoreError):
    """The action needs an admin, or is outside what this home allows."""

    exit_code = 3


class BusyError(FilmscoreError):
    """Too many requests of this kind at once; the caller may try again later."""

    exit_code = 1
