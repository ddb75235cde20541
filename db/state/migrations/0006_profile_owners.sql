-- A profile belongs to the browser that keeps it; those without an owner to the terminal and the admin, as all of before.

CREATE TABLE owned_profiles (
    owner TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (owner, name)
);
INSERT INTO owned_profiles (name, document, saved_at) SELECT name, document, saved_at FROM profiles;
DROP TABLE profiles;
ALTER TABLE owned_profiles RENAME TO profiles;
