SELECT
    outcome, count(*) AS encounters,
    round(100 * count(*) / (SELECT count(*) FROM answers), 2) AS percent,
    min(encounter, $examples) AS examples
FROM answers
GROUP BY outcome
ORDER BY encounters DESC, outcome;
