-- Version 3: people who finish an older version of a campaign, kept by `campaign load --waiting keep`. From here on a
-- wait's step, ordinal and id are those of the version whose steps follow: each load brings them up to date.
ALTER TABLE wait ADD COLUMN finishes INTEGER; -- the version whose steps follow; null for the newest

CREATE INDEX wait_finishes ON wait (campaign_id, finishes) WHERE finishes IS NOT NULL;
