-- Of encounters that are in both runs. Gained: on every code set now, and not on every one before.
WITH early AS (
    SELECT paired.encounter, coded.*
    FROM earlier.coded JOIN paired ON paired.early = coded.n WHERE late IS NOT NULL
), late AS (
    SELECT paired.encounter, coded.*
    FROM later.coded JOIN paired ON paired.late = coded.n WHERE early IS NOT NULL
), both_runs AS (
    SELECT
        coalesce(late.encounter, early.encounter) AS encounter,
        coalesce(late.code, early.code) AS code, coalesce(late.label, early.label) AS label,
        coalesce(early.sure, false) AS was, coalesce(late.sure, false) AS is_now,
        coalesce(early.lines_least, 0) AS lines_before_least,
        coalesce(early.lines_most, 0) AS lines_before_most,
        coalesce(late.lines_least, 0) AS lines_after_least,
        coalesce(late.lines_most, 0) AS lines_after_most,
        coalesce(early.units_least, 0) AS units_before_least,
        coalesce(early.units_most, 0) AS units_before_most,
        coalesce(late.units_least, 0) AS units_after_least,
        coalesce(late.units_most, 0) AS units_after_most
    FROM early FULL JOIN late ON early.encounter = late.encounter AND early.code = late.code
), told AS (
    SELECT
        *,
        lines_before_least <> lines_after_least OR lines_before_most <> lines_after_most
        OR units_before_least <> units_after_least OR units_before_most <> units_after_most
            AS differs
    FROM both_runs
)
SELECT
    code, coalesce(max(label), '') AS service,
    count(*) FILTER (was) AS encounters_before, count(*) FILTER (is_now) AS encounters_after,
    count(*) FILTER (is_now AND NOT was) AS gained,
    count(*) FILTER (was AND NOT is_now) AS lost,
    count(*) FILTER (was = is_now AND differs) AS otherwise,
    sum(lines_before_least) AS lines_before_least, sum(lines_before_most) AS lines_before_most,
    sum(lines_after_least) AS lines_after_least, sum(lines_after_most) AS lines_after_most,
    sum(units_before_least) AS units_before_least, sum(units_before_most) AS units_before_most,
    sum(units_after_least) AS units_after_least, sum(units_after_most) AS units_after_most,
    coalesce(min(encounter, $examples) FILTER (is_now AND NOT was), []) AS gained_by,
    coalesce(min(encounter, $examples) FILTER (was AND NOT is_now), []) AS lost_by,
    coalesce(min(encounter, $examples) FILTER (was = is_now AND differs), []) AS otherwise_in
FROM told
GROUP BY code
HAVING count(*) FILTER (was <> is_now OR differs) > 0
ORDER BY gained + lost + otherwise DESC, code;
