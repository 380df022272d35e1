-- The same people in a schema written by hand, with a log and entries.
PRAGMA journal_mode = WAL;
ATTACH 'people.db' AS loaded;
CREATE TABLE person (
    person_id    INTEGER PRIMARY KEY,
    email        TEXT COLLATE NOCASE,
    first_name   TEXT,
    last_name    TEXT,
    company      TEXT,
    title        TEXT,
    city         TEXT,
    state        TEXT,
    country      TEXT,
    lead_source  TEXT,
    lead_status  TEXT,
    lead_score   INTEGER,
    unsubscribed INTEGER
) STRICT;
INSERT INTO person
SELECT person_id, email, first_name, last_name, company, title, city, state, country, lead_source, lead_status,
    lead_score, unsubscribed
FROM loaded.person;
CREATE INDEX person_email ON person (email);
CREATE TABLE entry (
    person_id   INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    run_id      INTEGER,
    PRIMARY KEY (person_id, campaign_id)
) STRICT, WITHOUT ROWID;
-- The log as it is usually kept: found by an index on the person.
CREATE TABLE activity (
    activity_id   INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    type          INTEGER NOT NULL,
    primary_value TEXT,
    attributes    TEXT,
    campaign_id   INTEGER,
    run_id        INTEGER,
    step          INTEGER,
    outcome       INTEGER
) STRICT;
CREATE INDEX activity_person ON activity (person_id);
-- The log as an expert may keep it: the key packs person and place, and no index is needed.
CREATE TABLE packed (
    activity_id   INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    type          INTEGER NOT NULL,
    primary_value TEXT,
    attributes    TEXT,
    campaign_id   INTEGER,
    run_id        INTEGER,
    step          INTEGER,
    outcome       INTEGER
) STRICT;
