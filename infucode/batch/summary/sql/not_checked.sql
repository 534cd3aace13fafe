-- A claim line that is named by its id and code counts under its code; what the record leaves
-- open of a line is told by the questions of `infucode batch solve`.
WITH told AS (
    SELECT
        n, encounter,
        starts_with(why, 'the record leaves open') AS open,
        coalesce(nullif(regexp_extract(what, '^.* \(([^()]+)\)$', 1), ''), what) AS what,
        why
    FROM not_checked JOIN answers USING (n)
)
SELECT
    if(open, 'claim lines', what) AS what,
    if(open, 'the record leaves them open', why) AS why,
    count(DISTINCT n) AS encounters,
    round(100 * count(DISTINCT n) / (SELECT count(*) FROM answers), 2) AS percent,
    count(*) AS times,
    min(DISTINCT encounter, $examples) AS examples
FROM told
GROUP BY ALL
ORDER BY encounters DESC, what, why;
