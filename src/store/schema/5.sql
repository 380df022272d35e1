-- Version 5: events that were set aside are remembered, so that the same line means the same in a later replay.

-- 1 where an event was set aside because nobody had its key; null where it was taken.
ALTER TABLE event ADD COLUMN set_aside INTEGER;

-- Files that `--unknown` wrote, known by a hash of their bytes: their events come for a second try.
CREATE TABLE unknown_file (
    hash INTEGER PRIMARY KEY
) STRICT;
