-- Version 1: everything. Instants are microseconds since 1970 (UTC), days are days since 1970, booleans 0 and 1;
-- the views turn them into text.

-- What the database knows about itself: `watermark`, `last_wait`, `salt`, …
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY
) STRICT, WITHOUT ROWID;

-- Person fields that have a column in `person`, in the order in which they came.
CREATE TABLE field (
    field_id INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    api_name TEXT NOT NULL,
    label    TEXT NOT NULL,
    type     TEXT NOT NULL,
    origin   TEXT NOT NULL -- standard, custom, inferred
) STRICT;

INSERT INTO field (field_id, name, api_name, label, type, origin) VALUES
    (1, 'email', 'email', 'Email Address', 'email', 'standard'),
    (2, 'id', 'id', 'Id', 'string', 'standard');

-- People; every further field is a column added when it first has a value.
CREATE TABLE person (
    person_id INTEGER PRIMARY KEY,
    email     TEXT COLLATE NOCASE,
    id        TEXT
) STRICT;

CREATE INDEX person_email ON person (email);
CREATE INDEX person_key ON person (id) WHERE id IS NOT NULL;

-- People who were erased: no personal data, only hashes under the database's own salt.
CREATE TABLE tombstone (
    person_id  INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    email_hash INTEGER,
    id_hash    INTEGER
) STRICT;

CREATE INDEX tombstone_email ON tombstone (email_hash);
CREATE INDEX tombstone_key ON tombstone (id_hash);

-- What loads changed of people already known, one row a load and person: old and new values of the changed
-- cells, and the lists joined (JSON). Not a part of the log.
CREATE TABLE past (
    past_id   INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    old       TEXT NOT NULL,
    new       TEXT NOT NULL,
    lists     TEXT
) STRICT;

CREATE INDEX past_person ON past (person_id);

CREATE TABLE list (
    list_id INTEGER PRIMARY KEY,
    name    TEXT NOT NULL
) STRICT;

CREATE TABLE list_member (
    person_id INTEGER NOT NULL,
    list_id   INTEGER NOT NULL,
    added_at  INTEGER NOT NULL,
    PRIMARY KEY (person_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE program (
    program_id INTEGER PRIMARY KEY,
    name       TEXT NOT NULL
) STRICT;

CREATE TABLE program_member (
    person_id  INTEGER NOT NULL,
    program_id INTEGER NOT NULL,
    status     TEXT NOT NULL,
    success_at INTEGER,
    since      INTEGER NOT NULL,
    fields     TEXT, -- JSON, null where there are none
    PRIMARY KEY (person_id, program_id)
) STRICT, WITHOUT ROWID;

-- The workspace as loaded, in canonical form; the last one counts.
CREATE TABLE workspace_version (
    version    INTEGER PRIMARY KEY,
    definition TEXT NOT NULL,
    loaded_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE campaign (
    campaign_id    INTEGER PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE, -- the full name without regard to case
    full_name      TEXT NOT NULL,
    name           TEXT NOT NULL,
    program        TEXT,
    slug           TEXT NOT NULL,
    mode           TEXT NOT NULL, -- batch, triggered, executable
    active         INTEGER NOT NULL,
    version        INTEGER NOT NULL, -- the newest
    file           TEXT NOT NULL,
    missing        INTEGER NOT NULL, -- the file is gone
    invalid        INTEGER NOT NULL, -- the newest version no longer compiles
    marketo_id     INTEGER,
    scheduled_from INTEGER, -- the load that brought the schedule
    next_run_at    INTEGER,
    members        INTEGER NOT NULL -- people who ever entered
) STRICT;

CREATE TABLE campaign_version (
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    version     INTEGER NOT NULL,
    workspace   INTEGER NOT NULL REFERENCES workspace_version,
    definition  TEXT NOT NULL, -- canonical
    description TEXT,
    loaded_at   INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, version)
) STRICT, WITHOUT ROWID;

-- Batch runs.
CREATE TABLE run (
    run_id      INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    version     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    seed        INTEGER NOT NULL,
    state       TEXT NOT NULL, -- running, finished, aborted, refused
    last_person INTEGER NOT NULL, -- how far it got
    only_person TEXT, -- JSON list of person_ids, where the run was limited to test people
    occurrence  TEXT, -- the civil time of the schedule that it stands for
    counts      TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX run_campaign ON run (campaign_id, occurrence);

-- Each entry of a person into a campaign.
CREATE TABLE entry (
    person_id   INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    nth         INTEGER NOT NULL, -- from 1, of this person in this campaign
    at          INTEGER NOT NULL,
    run_id      INTEGER,
    version     INTEGER NOT NULL,
    PRIMARY KEY (person_id, campaign_id, nth)
) STRICT, WITHOUT ROWID;

-- Waits that hold people now.
CREATE TABLE wait (
    wait_id      INTEGER PRIMARY KEY, -- in the order in which they began
    person_id    INTEGER NOT NULL,
    campaign_id  INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    nth          INTEGER NOT NULL, -- the entry
    step         INTEGER NOT NULL, -- from 1
    wait_ordinal INTEGER NOT NULL, -- among the flow's waits, from 1
    step_id      TEXT,
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    run_id       INTEGER,
    cause        TEXT -- JSON: the activity that began the walk
) STRICT;

CREATE INDEX wait_person ON wait (person_id);
CREATE INDEX wait_due ON wait (until, wait_id, campaign_id);

-- The names behind `activity.type`.
CREATE TABLE activity_type (
    code  INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    label TEXT NOT NULL
) STRICT;

-- Texts that stand in several people's logs, once.
CREATE TABLE text (
    text_id INTEGER PRIMARY KEY,
    text    TEXT NOT NULL
) STRICT;

-- The log. A row's key is its person (the upper bits) and its place in that person's log (the lower 24), so that
-- one person's rows lie together and no index is needed.
CREATE TABLE activity (
    activity_id   INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    type          INTEGER NOT NULL,
    primary_value ANY, -- the text, or a text_id
    attributes    ANY, -- JSON, or the text_id of it; null where there are none
    campaign_id   INTEGER,
    run_id        INTEGER,
    step          INTEGER, -- from 1
    choice        INTEGER, -- from 1, 0 is the default
    outcome       INTEGER, -- 1 succeeded, 2 skipped, 3 failed
    reason        TEXT,
    event_id      TEXT
) STRICT;

-- Events taken, to be known again: by instant, hash of id or content, and ordinal among equals.
CREATE TABLE event (
    at      INTEGER NOT NULL,
    hash    INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    content INTEGER NOT NULL, -- hash of the content
    PRIMARY KEY (at, hash, ordinal)
) STRICT, WITHOUT ROWID;

-- Emails rendered; the key is that of the activity that sent them.
CREATE TABLE outbox (
    activity_id INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    email       TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    sender      TEXT,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;

INSERT INTO meta (name, value) VALUES ('salt', randomblob(16));
