-- The shell at its best: straight into the typed table, the index afterwards.
.read person.sql
.import --csv --skip 1 people.csv person
CREATE INDEX person_email ON person (email);
