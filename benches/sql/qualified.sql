-- The smart list of `workspace/batch.yaml`, without those whom the campaign has had already.
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
BEGIN IMMEDIATE;
CREATE TEMP TABLE qualified AS
SELECT person_id, lead_score
FROM person
WHERE state COLLATE NOCASE IN ('CA', 'California') AND lead_score >= 20 AND unsubscribed = 0
    AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.person_id = person.person_id AND entry.campaign_id = 1)
ORDER BY person_id;
CREATE TEMP TABLE flow (step INTEGER PRIMARY KEY, type INTEGER, primary_value TEXT);
INSERT INTO flow VALUES (1, 6, 'california-newsletter'), (2, 22, 'lead_score'), (3, 46, 'Email');
