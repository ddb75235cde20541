-- Nothing wrote to this table: likes live in profiles and lists.
DROP TABLE feedback;
