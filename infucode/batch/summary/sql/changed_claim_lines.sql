-- Of encounters that are in both runs, lines by their id.
WITH early AS (
    SELECT paired.encounter, line, state
    FROM earlier.claim_lines JOIN paired ON paired.early = claim_lines.n WHERE late IS NOT NULL
), late AS (
    SELECT paired.encounter, line, state
    FROM later.claim_lines JOIN paired ON paired.late = claim_lines.n WHERE early IS NOT NULL
)
SELECT
    coalesce(early.state, 'not there') AS state_before,
    coalesce(late.state, 'not there') AS state_after,
    count(*) AS claim_lines,
    count(DISTINCT coalesce(late.encounter, early.encounter)) AS encounters,
    min(DISTINCT coalesce(late.encounter, early.encounter), $examples) AS examples
FROM early FULL JOIN late ON early.encounter = late.encounter AND early.line = late.line
WHERE early.state IS DISTINCT FROM late.state
GROUP BY ALL
ORDER BY claim_lines DESC, state_before, state_after;
