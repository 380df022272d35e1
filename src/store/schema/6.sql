-- Version 6: random samples that last, and memberships in programs complete.

-- Random samples draw by the key by which a person was first given: the email in lower case, else the id. Here: that key,
-- of people whose present one is another. Changes before version 6 are not known.
CREATE TABLE first_key (
    person_id INTEGER PRIMARY KEY,
    key       TEXT NOT NULL
) STRICT;

-- Whether the program acquired the person: by this membership it became their acquisition program.
ALTER TABLE program_member ADD COLUMN acquired_by INTEGER NOT NULL DEFAULT 0;

-- What a load changed of memberships: by program, an object with `old` and `new`, each a membership (`status`, `since`,
-- `success_at`, `acquired_by`, `fields`) or null; null for none.
ALTER TABLE past ADD COLUMN programs TEXT;
