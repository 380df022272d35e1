-- The batch campaign of `workspace/batch.yaml` as an expert writes it: sets, one transaction, rows in order of person.
.read qualified.sql
INSERT INTO activity (person_id, at, type, primary_value, attributes, campaign_id, run_id, step, outcome)
SELECT q.person_id, 1795435200000000, f.type, f.primary_value,
    CASE f.step
        WHEN 2 THEN '{"change":"+5","new_value":' || (q.lead_score + 5) || ',"previous_value":' || q.lead_score
            || ',"reason":"Changed by Smart Campaign Californian buyers action Change Score"}'
        WHEN 3 THEN '{"description":"Got the autumn letter"}'
    END,
    1, 1, f.step, 1
FROM qualified q CROSS JOIN flow f;
INSERT INTO entry SELECT person_id, 1, 1795435200000000, 1 FROM qualified;
UPDATE person SET lead_score = lead_score + 5 WHERE person_id IN (SELECT person_id FROM qualified);
COMMIT;
