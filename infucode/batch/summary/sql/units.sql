-- How many units stand on one line.
WITH by_set AS (
    SELECT n, code_set, units, count(*) AS lines
    FROM lines JOIN claims USING (n)
    GROUP BY n, code_set, units
), by_answer AS (
    SELECT
        n, units, count(*) = max(code_sets) AS sure,
        if(count(*) = max(code_sets), min(lines), 0) AS least, max(lines) AS most
    FROM by_set JOIN claims USING (n)
    GROUP BY n, units
)
SELECT
    units, sum(least) AS lines_least, sum(most) AS lines_most,
    count(*) FILTER (sure) AS encounters, count(*) FILTER (NOT sure) AS possible,
    min(encounter, $examples) AS examples
FROM by_answer JOIN answers USING (n)
GROUP BY units
ORDER BY units;
