-- The floor of a replay: the same rows and nothing else, under the same pragmas, with all the memory they may want.
ATTACH 'rows.db' AS given;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA main.cache_size = -1000000;
BEGIN IMMEDIATE;
INSERT INTO main.activity SELECT * FROM given.activity ORDER BY rowid;
INSERT INTO main.entry SELECT * FROM given.entry ORDER BY rowid;
INSERT INTO main.event SELECT * FROM given.event ORDER BY rowid;
COMMIT;
