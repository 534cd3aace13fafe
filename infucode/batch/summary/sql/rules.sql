SELECT
    rule, count(DISTINCT n) AS encounters,
    round(100 * count(DISTINCT n) / (SELECT count(*) FROM answers), 2) AS percent,
    coalesce(sum(least) FILTER (part = 'line'), 0) AS lines_least,
    coalesce(sum(most) FILTER (part = 'line'), 0) AS lines_most,
    coalesce(sum(least) FILTER (part = 'not reported'), 0) AS not_reported_least,
    coalesce(sum(most) FILTER (part = 'not reported'), 0) AS not_reported_most,
    coalesce(sum(least) FILTER (part = 'warning'), 0) AS warnings,
    coalesce(sum(least) FILTER (part = 'violation'), 0) AS violations,
    min(DISTINCT encounter, $examples) AS examples
FROM ruled JOIN answers USING (n)
GROUP BY rule
ORDER BY encounters DESC, rule;
