-- Of encounters that are in both runs: a rule that decided something of it only now, or no more.
WITH early AS (
    SELECT paired.encounter, part, rule, least, most
    FROM earlier.ruled JOIN paired ON paired.early = ruled.n WHERE late IS NOT NULL
), late AS (
    SELECT paired.encounter, part, rule, least, most
    FROM later.ruled JOIN paired ON paired.late = ruled.n WHERE early IS NOT NULL
), both_runs AS (
    SELECT
        coalesce(late.encounter, early.encounter) AS encounter,
        coalesce(late.part, early.part) AS part, coalesce(late.rule, early.rule) AS rule,
        early.rule IS NOT NULL AS was, late.rule IS NOT NULL AS is_now,
        coalesce(early.least, 0) <> coalesce(late.least, 0)
            OR coalesce(early.most, 0) <> coalesce(late.most, 0) AS differs
    FROM early FULL JOIN late
        ON early.encounter = late.encounter AND early.part = late.part AND early.rule = late.rule
    WHERE $reasons OR coalesce(late.part, early.part) <> 'line'
)
SELECT
    part, rule,
    count(*) FILTER (was) AS encounters_before, count(*) FILTER (is_now) AS encounters_after,
    count(*) FILTER (is_now AND NOT was) AS gained,
    count(*) FILTER (was AND NOT is_now) AS lost,
    count(*) FILTER (was AND is_now AND differs) AS other_times,
    coalesce(min(encounter, $examples) FILTER (is_now AND NOT was), []) AS gained_by,
    coalesce(min(encounter, $examples) FILTER (was AND NOT is_now), []) AS lost_by
FROM both_runs
GROUP BY part, rule
HAVING count(*) FILTER (was <> is_now OR differs) > 0
ORDER BY gained + lost + other_times DESC, part, rule;
