-- Missing stops first. `alone`: encounters that ask nothing else.
WITH asked AS (
    SELECT n, fact, count(*) AS questions FROM questions GROUP BY n, fact
), kinds AS (
    SELECT n, count(*) AS kinds FROM asked GROUP BY n
)
SELECT
    fact, count(*) AS encounters,
    round(100 * count(*) / (SELECT count(*) FROM answers), 2) AS percent,
    sum(questions) AS questions,
    count(*) FILTER (kinds = 1) AS alone,
    min(encounter, $examples) AS examples
FROM asked JOIN kinds USING (n) JOIN answers USING (n)
GROUP BY fact
ORDER BY fact <> 'stop', encounters DESC, fact;
