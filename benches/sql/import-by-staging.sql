-- The other good way: into a temporary table of texts, then typed and indexed.
PRAGMA temp_store = MEMORY;
.read person.sql
.import --csv --schema temp people.csv staged
BEGIN;
INSERT INTO main.person
SELECT email, first_name, last_name, company, title, city, nullif(state, ''), country, lead_source, lead_status,
    CAST(lead_score AS INTEGER), unsubscribed = 'true'
FROM temp.staged;
CREATE INDEX person_email ON person (email);
COMMIT;
