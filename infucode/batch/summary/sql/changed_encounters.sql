SELECT
    fate, count(*) AS encounters,
    round(100 * count(*) / (SELECT count(*) FROM paired), 2) AS percent,
    min(encounter, $examples) AS examples
FROM paired
GROUP BY fate
ORDER BY list_position(
    ['changed', 'same result, other rules', 'unchanged', 'only in the later run',
     'only in the earlier run'], fate);
