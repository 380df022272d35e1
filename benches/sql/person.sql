-- People as a careful user would keep them: typed columns, STRICT.
CREATE TABLE person (
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
    unsubscribed TEXT -- `.import` cannot turn true and false into numbers
) STRICT;
