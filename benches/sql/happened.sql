-- The rows that a replay wrote, in the order in which they happened.
ATTACH 'replayed.db' AS replayed;
CREATE TABLE activity AS SELECT * FROM replayed.activity ORDER BY at, activity_id;
CREATE TABLE entry AS SELECT * FROM replayed.entry ORDER BY at, person_id, campaign_id, nth;
CREATE TABLE event AS SELECT * FROM replayed.event ORDER BY at, hash, ordinal;
