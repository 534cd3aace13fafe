-- Of encounters that are in both runs, lines by their code and modifiers.
WITH early AS (
    SELECT paired.encounter, coded_with.*
    FROM earlier.coded_with JOIN paired ON paired.early = coded_with.n WHERE late IS NOT NULL
), late AS (
    SELECT paired.encounter, coded_with.*
    FROM later.coded_with JOIN paired ON paired.late = coded_with.n WHERE early IS NOT NULL
), both_runs AS (
    SELECT
        coalesce(late.encounter, early.encounter) AS encounter,
        coalesce(late.code, early.code) AS code,
        coalesce(late.modifiers, early.modifiers) AS modifiers,
        coalesce(early.sure, false) AS was, coalesce(late.sure, false) AS is_now,
        coalesce(early.lines_least, 0) AS least_before,
        coalesce(early.lines_most, 0) AS most_before,
        coalesce(late.lines_least, 0) AS least_after,
        coalesce(late.lines_most, 0) AS most_after
    FROM early FULL JOIN late
        ON early.encounter = late.encounter AND early.code = late.code
        AND early.modifiers = late.modifiers
)
SELECT
    code, if(modifiers = '', 'none', modifiers) AS modifiers,
    count(*) FILTER (is_now AND NOT was) AS gained,
    count(*) FILTER (was AND NOT is_now) AS lost,
    sum(least_before) AS lines_before_least, sum(most_before) AS lines_before_most,
    sum(least_after) AS lines_after_least, sum(most_after) AS lines_after_most,
    coalesce(min(encounter, $examples) FILTER (is_now AND NOT was), []) AS gained_by,
    coalesce(min(encounter, $examples) FILTER (was AND NOT is_now), []) AS lost_by
FROM both_runs
GROUP BY code, modifiers
HAVING count(*) FILTER (
    was <> is_now OR least_before <> least_after OR most_before <> most_after
) > 0
ORDER BY gained + lost DESC, code, modifiers;
