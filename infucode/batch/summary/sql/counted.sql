-- What every section counts from. A code, rule or number of units is counted in each code set of
-- an answer: the least over the sets is sure, the most is what is possible. A blocked answer is
-- no claim yet, so its sets are left out.
CREATE TABLE claims AS
SELECT n, code_sets FROM answers WHERE outcome <> 'blocked' AND code_sets > 0;

CREATE TABLE coded AS
WITH by_set AS (
    SELECT
        n, code_set, code, max(label) AS label, count(*) AS lines, sum(units) AS units,
        max(units) AS most_units
    FROM lines JOIN claims USING (n)
    GROUP BY n, code_set, code
)
SELECT
    n, code, max(label) AS label,
    count(*) = max(code_sets) AS sure,
    if(count(*) = max(code_sets), min(lines), 0) AS lines_least, max(lines) AS lines_most,
    if(count(*) = max(code_sets), min(units), 0) AS units_least, max(units) AS units_most,
    max(most_units) AS most_units
FROM by_set JOIN claims USING (n)
GROUP BY n, code;

CREATE TABLE coded_with AS
WITH by_set AS (
    SELECT n, code_set, code, modifiers, count(*) AS lines
    FROM lines JOIN claims USING (n)
    GROUP BY n, code_set, code, modifiers
)
SELECT
    n, code, modifiers, count(*) = max(code_sets) AS sure,
    if(count(*) = max(code_sets), min(lines), 0) AS lines_least, max(lines) AS lines_most
FROM by_set JOIN claims USING (n)
GROUP BY n, code, modifiers;

CREATE TABLE ruled AS
WITH said AS (
    SELECT n, code_set, 'line' AS part, unnest(list_distinct(rules)) AS rule FROM lines
    UNION ALL
    SELECT n, code_set, 'not reported', rule FROM not_reported
), by_set AS (
    SELECT n, code_set, part, rule, count(*) AS times
    FROM said JOIN claims USING (n)
    GROUP BY n, code_set, part, rule
), common AS (
    SELECT n, part, rule, times FROM by_set WHERE code_set = 0
), own AS (
    SELECT
        n, part, rule,
        if(count(*) = max(code_sets), min(times), 0) AS least, max(times) AS most
    FROM by_set JOIN claims USING (n)
    WHERE code_set > 0
    GROUP BY n, part, rule
)
SELECT
    coalesce(common.n, own.n) AS n, coalesce(common.part, own.part) AS part,
    coalesce(common.rule, own.rule) AS rule,
    coalesce(times, 0) + coalesce(least, 0) AS least,
    coalesce(times, 0) + coalesce(most, 0) AS most
FROM common FULL JOIN own
    ON common.n = own.n AND common.part = own.part AND common.rule = own.rule
UNION ALL
SELECT n, 'warning', rule, count(*), count(*) FROM warnings GROUP BY n, rule
UNION ALL
SELECT n, 'violation', rule, count(*), count(*) FROM violations GROUP BY n, rule;
