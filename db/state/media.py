"""Media files in the state: which file belongs to which film, copies, other versions, and chosen audio tracks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.clock import now
from db.state.films import FilmsState


@dataclass(frozen=True)
class Media:
    """The media file attached to a film, and the model version whose analysis is used."""

    film_id: int
    media_sha256: str
    audio_track: int
    path: str
    model_version: str


def _storable(path: str) -> str:
    """A path as text that SQLite accepts. Bytes that are not UTF-8 are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class MediaState(FilmsState):
    """The part of the state that attaches media files to films."""

    def attach_media(
        self,
        film_id: int,
        media_sha256: str,
        audio_track: int,
        path: str,
        model_version: str,
        *,
        renewed: bool = False,
    ) -> None:
        """Attach a media file to a film, and set the model version whose analysis is used.

        Args:
            renewed: the analysis has changed although its key is the same.
        """
        path = _storable(path)
        with self.transaction() as con:
            self.get_film(film_id)
            con.execute("DELETE FROM copies WHERE path = ?", (path,))
            row = con.execute("SELECT * FROM media WHERE film_id = ?", (film_id,)).fetchone()
            new = (media_sha256, int(audio_track), path, model_version)
            known = row and (row["media_sha256"], row["audio_track"], row["path"], row["model_version"]) == new
            if known and not renewed:
                return
            con.execute("INSERT OR REPLACE INTO media VALUES (?, ?, ?, ?, ?, ?)", (film_id, *new, now()))
            con.execute("UPDATE films SET heard_revision = ? WHERE film_id = ?", (self.next_revision(con), film_id))

    def media_of(self, media_sha256: str) -> int | None:
        """The film to which this media file is attached, or None; the oldest if there are several."""
        rows = self.rows("SELECT film_id FROM media WHERE media_sha256 = ? ORDER BY film_id", (media_sha256,))
        return int(rows[0][0]) if rows else None

    def note_copy(self, path: str, media_sha256: str) -> None:
        """Record another file with the same content as a film's media. `attach_media` with that path removes the
        record."""
        self.write("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", (_storable(path), media_sha256, now()))

    def copies(self) -> dict[str, str]:
        """Path -> media hash of all recorded copies, ordered by path. Some of the files may no longer exist."""
        return {str(row[0]): str(row[1]) for row in self.rows("SELECT path, media_sha256 FROM copies ORDER BY path")}

    def versions(self) -> dict[str, int]:
        """Path -> film_id of the files that are other versions of a film and are not heard, ordered by path. Some may
        no longer exist."""
        return {str(row[0]): int(row[1]) for row in self.rows("SELECT path, film_id FROM versions ORDER BY path")}

    def set_versions(self, film_id: int, paths: Iterable[str]) -> None:
        """Record a film's other versions; those recorded before are replaced."""
        with self.transaction() as con:
            con.execute("DELETE FROM versions WHERE film_id = ?", (film_id,))
            rows = [(_storable(path), film_id, now()) for path in paths]
            con.executemany("INSERT OR REPLACE INTO versions VALUES (?, ?, ?)", rows)

    def chosen_tracks(self) -> dict[str, int]:
        """Media hash -> the audio track that a person chose for it."""
        rows = self.rows("SELECT media_sha256, audio_track FROM chosen_tracks")
        return {str(row[0]): int(row[1]) for row in rows}

    def choose_track(self, media_sha256: str, audio_track: int | None) -> None:
        """Record the audio track that a person chose for a file's content; None: filmscore chooses again."""
        with self.transaction() as con:
            con.execute("DELETE FROM chosen_tracks WHERE media_sha256 = ?", (media_sha256,))
            if audio_track is not None:
                con.execute("INSERT INTO chosen_tracks VALUES (?, ?)", (media_sha256, int(audio_track)))

    def heard_files(self) -> dict[str, tuple[int, str]]:
        """Path -> (film_id, ISO time of the record) of every film's media, of the copies and of other versions."""
        sql = """
            SELECT path, film_id, attached_at FROM media
            UNION ALL SELECT c.path, m.film_id, c.found_at FROM copies c JOIN media m USING (media_sha256)
            UNION ALL SELECT path, film_id, found_at FROM versions
        """
        return {str(row[0]): (int(row[1]), str(row[2])) for row in self.rows(sql)}

    def media(self, film_ids: Sequence[int] | None = None) -> list[Media]:
        """The media of all films, or of these films, ordered by film_id."""
        sql = "SELECT film_id, media_sha256, audio_track, path, model_version FROM media"
        if film_ids is None:
            return [Media(*row) for row in self.rows(sql + " ORDER BY film_id")]
        sql += " WHERE film_id IN (SELECT value FROM json_each(?)) ORDER BY film_id"
        return [Media(*row) for row in self.rows(sql, (json.dumps([int(i) for i in film_ids]),))]
