-- Further files with the content of a film's media: the film keeps its path, and the page Library names these.

CREATE TABLE copies (
    path TEXT PRIMARY KEY,
    media_sha256 TEXT NOT NULL,
    found_at TEXT NOT NULL
);
CREATE INDEX copies_sha256 ON copies (media_sha256);
