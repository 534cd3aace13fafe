-- Each encounter of the earlier and of the later run, side by side.
CREATE TABLE paired AS
SELECT
    coalesce(late.encounter, early.encounter) AS encounter,
    early.n AS early, late.n AS late,
    early.outcome AS outcome_before, late.outcome AS outcome_after,
    CASE
        WHEN early.n IS NULL THEN 'only in the later run'
        WHEN late.n IS NULL THEN 'only in the earlier run'
        WHEN early.outcome <> late.outcome OR early.code_sets <> late.code_sets
            OR early.claim IS DISTINCT FROM late.claim THEN 'changed'
        WHEN early.reasons IS DISTINCT FROM late.reasons
            THEN 'same result, other rules'
        ELSE 'unchanged'
    END AS fate
FROM earlier.digested AS early FULL JOIN later.digested AS late
    ON early.encounter = late.encounter;
