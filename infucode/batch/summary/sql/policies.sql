-- What judged them: a rulebook is a plan's version on a day, with its switches.
SELECT
    policy, version, min(as_of) AS first_date, max(as_of) AS last_date,
    count(*) AS encounters,
    round(100 * count(*) / (SELECT count(*) FROM answers), 2) AS percent,
    digest AS rulebook
FROM answers
GROUP BY policy, version, digest
ORDER BY encounters DESC, policy, version, rulebook;
