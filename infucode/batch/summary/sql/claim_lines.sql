SELECT
    state, count(*) AS claim_lines,
    round(100 * count(*) / (SELECT count(*) FROM claim_lines), 2) AS percent,
    count(DISTINCT n) AS encounters,
    min(DISTINCT encounter, $examples) AS examples
FROM claim_lines JOIN answers USING (n)
GROUP BY state
ORDER BY claim_lines DESC, state;
