-- Who a session belongs to: the person whom a provider of accounts named; '' for who gave the admin's password.

ALTER TABLE sessions ADD COLUMN name TEXT NOT NULL DEFAULT '';
