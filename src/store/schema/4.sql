-- Version 4: which rows of a log belong together, whether campaigns were active, and by which of Marketo's campaigns an
-- event was caused. All of it is null in rows of earlier versions.

-- Everything that one event, one line of a list, one wake-up or one entry of a batch run led to is one happening. It
-- concerns one person, and its rows lie together in that person's log. Here: so many rows before this one the happening
-- began, 0 in its first row.
ALTER TABLE activity ADD COLUMN happening INTEGER;

-- In the first row of a happening: the last row of `activation` that was there, 0 before any. Null in its other rows.
ALTER TABLE activity ADD COLUMN activation INTEGER;

-- In the row of an event from an extract: the id of the campaign in Marketo that caused it.
ALTER TABLE activity ADD COLUMN marketo_campaign INTEGER;

-- When trigger campaigns became active and inactive, in the order of commands. A campaign without a row never was active.
CREATE TABLE activation (
    activation_id INTEGER PRIMARY KEY,
    campaign_id   INTEGER NOT NULL REFERENCES campaign,
    at            INTEGER, -- null where it was active already when version 4 came
    active        INTEGER NOT NULL,
    by            TEXT -- load, activate, deactivate, prune; null where `at` is
) STRICT;

CREATE INDEX activation_campaign ON activation (campaign_id);

INSERT INTO activation (campaign_id, active) SELECT campaign_id, 1 FROM campaign WHERE active ORDER BY campaign_id;
