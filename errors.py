"""The errors that filmscore raises on purpose.

Every message names the thing (file, title, option), says what is wrong with it and what to do about it; the front
doors print it as one line. Anything else that escapes is a defect.
"""


class FilmscoreError(Exception):
    """Base of all of them. `exit_code` is what the command line returns."""

    exit_code = 1


class ParameterError(FilmscoreError):
    """An argument is out of its range or has the wrong shape; also an unknown title or a wrong option."""

    exit_code = 2


class MediaError(FilmscoreError):
    """A media file cannot be heard: not media, empty, truncated, no audio track, unreadable."""

    exit_code = 1


class MetadataError(FilmscoreError):
    """Metadata from outside (CSV, IMDb, Spotify) is malformed or contradicts itself."""

    exit_code = 2


class CatalogueError(FilmscoreError):
    """The catalogue, its index, its state or its directory cannot be used."""

    exit_code = 3


class ModelError(FilmscoreError):
    """A model is missing, truncated, altered, of another version, or its training cannot start."""

    exit_code = 3


class AccessError(FilmscoreError):
    """Something that only an admin may do, or that lies outside of what this home allows."""

    exit_code = 3


class BusyError(FilmscoreError):
    """Too much of this is asked for at once; it can be asked for again later."""

    exit_code = 1
