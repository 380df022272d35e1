-- Version 9: the matches of triggers that `campaign replay-events --people` reports. They stand here from the commit of what
-- they are about until their file is written.

CREATE TABLE trigger_match (
    person_id   INTEGER NOT NULL,
    place       INTEGER NOT NULL, -- the row of the person's log that matched
    number      INTEGER NOT NULL, -- among the matches of that row, from 0
    at          INTEGER NOT NULL,
    email       TEXT,             -- as it was then
    event_id    TEXT,
    campaign_id INTEGER NOT NULL,
    trigger     TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    failing     TEXT,
    parent_id   INTEGER,          -- the campaign whose step wrote the row
    nth         INTEGER,          -- which entry into the campaign it made
    PRIMARY KEY (person_id, place, number)
) STRICT, WITHOUT ROWID;

-- What the steps of their flows did.
CREATE TABLE match_step (
    person_id   INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    nth         INTEGER NOT NULL,
    step        INTEGER NOT NULL, -- from 1
    outcome     TEXT NOT NULL,
    PRIMARY KEY (person_id, campaign_id, nth, step)
) STRICT, WITHOUT ROWID;

-- The replay that they are of, and once its file is written, how many bytes that has and their hash. At most one row.
CREATE TABLE match_command (
    identity INTEGER NOT NULL,
    bytes    INTEGER,
    hash     INTEGER
) STRICT;
