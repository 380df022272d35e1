-- Version 7: `campaign run` as it was given, so that the same command is known when it is given again.

CREATE TABLE run_command (
    command_id  INTEGER PRIMARY KEY,
    campaigns   TEXT NOT NULL, -- JSON: campaign_id and version of each, in order
    at          INTEGER NOT NULL,
    seed        INTEGER NOT NULL,
    only_person TEXT, -- JSON list of person_ids, where the command was limited to test people
    people_file TEXT -- the whole path of `--people`
) STRICT;

CREATE INDEX run_command_at ON run_command (at);

-- The command that a run belongs to, and which of its campaigns the run is of, from 0; null where a schedule began it.
ALTER TABLE run ADD COLUMN command_id INTEGER REFERENCES run_command;
ALTER TABLE run ADD COLUMN place INTEGER;

-- How many bytes of the file of `--people` the command had written with the last commit, and their hash.
ALTER TABLE run ADD COLUMN verdict_bytes INTEGER;
ALTER TABLE run ADD COLUMN verdict_hash INTEGER;

CREATE INDEX run_command_run ON run (command_id) WHERE command_id IS NOT NULL;

INSERT INTO run_command (command_id, campaigns, at, seed, only_person)
    SELECT run_id, json_array(json_array(campaign_id, version)), at, seed, only_person FROM run WHERE occurrence IS NULL;
UPDATE run SET command_id = run_id, place = 0 WHERE occurrence IS NULL;
