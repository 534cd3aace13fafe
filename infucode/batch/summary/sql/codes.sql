SELECT
    code, coalesce(max(label), '') AS service,
    count(*) FILTER (sure) AS encounters,
    round(100 * count(*) FILTER (sure) / (SELECT count(*) FROM answers), 2) AS percent,
    count(*) FILTER (NOT sure) AS possible,
    sum(lines_least) AS lines_least, sum(lines_most) AS lines_most,
    sum(units_least) AS units_least, sum(units_most) AS units_most,
    max(most_units) AS most_units,
    min(encounter, $examples) AS examples
FROM coded JOIN answers USING (n)
GROUP BY code
ORDER BY encounters DESC, possible DESC, code;
