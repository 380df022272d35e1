-- Version 2: in which order things happened to a person, which instants alone do not tell: several happen at one
-- instant, and late events at an earlier one. A place is the number of rows that the person's log then had. Null in
-- rows of version 1, whose order is taken from their instants.

-- Where an entry happened, and the place of the log's row that began it: the activity of a trigger, or the step that
-- executes the campaign; none for batch runs.
ALTER TABLE entry ADD COLUMN place INTEGER;
ALTER TABLE entry ADD COLUMN cause INTEGER;

-- Where a load changed someone.
ALTER TABLE past ADD COLUMN place INTEGER;
