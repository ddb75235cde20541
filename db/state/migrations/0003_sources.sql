-- What NFO files and servers tell of a film beyond IMDb's fields, and who said what of it: a curator's edit is not
-- replaced by a file that is read again. Edits of before are found in the audit log.

ALTER TABLE films ADD COLUMN writers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE films ADD COLUMN composers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE films ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE films ADD COLUMN film_set TEXT NOT NULL DEFAULT '';
ALTER TABLE films ADD COLUMN sources TEXT NOT NULL DEFAULT '{}';
UPDATE films SET sources = (
    SELECT json_group_object(edited.field, 'edit') FROM (
        SELECT DISTINCT said.key AS field
        FROM (SELECT iif(json_valid(detail), detail, '{}') AS detail FROM audit WHERE action = 'edit film') AS edit,
            json_each(edit.detail) AS said
        WHERE json_extract(edit.detail, '$.film_id') = films.film_id AND said.key <> 'film_id'
    ) AS edited
);
