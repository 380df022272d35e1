-- What most people do: the index is there before the rows.
.read person.sql
CREATE INDEX person_email ON person (email);
.import --csv --skip 1 people.csv person
