SELECT
    rule, severity, count(DISTINCT n) AS encounters,
    round(100 * count(DISTINCT n) / (SELECT count(*) FROM answers), 2) AS percent,
    count(*) AS violations, sum(claim_lines) AS claim_lines,
    min(DISTINCT encounter, $examples) AS examples
FROM violations JOIN answers USING (n)
GROUP BY rule, severity
ORDER BY encounters DESC, rule, severity;
