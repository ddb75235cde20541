-- Lists of films that a reader keeps: to watch, seen, own ones. The owner is the browser that made them.

CREATE TABLE lists (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    films TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (owner, name)
);
