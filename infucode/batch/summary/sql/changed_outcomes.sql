WITH shared AS (
    SELECT * FROM paired WHERE early IS NOT NULL AND late IS NOT NULL
)
SELECT
    outcome_before, outcome_after, count(*) AS encounters,
    round(100 * count(*) / (SELECT count(*) FROM shared), 2) AS percent,
    count(*) FILTER (fate = 'changed') AS changed,
    min(encounter, $examples) AS examples
FROM shared
GROUP BY outcome_before, outcome_after
ORDER BY outcome_before = outcome_after, encounters DESC, outcome_before, outcome_after;
