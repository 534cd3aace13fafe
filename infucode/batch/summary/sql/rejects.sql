-- A reason is its sentence without the words of the document; a document may have several.
WITH documents AS (
    SELECT row_number() OVER () AS n, *
    FROM read_json(
        $file,
        format = 'newline_delimited',
        columns = {
            schema: 'VARCHAR', input: 'VARCHAR', line: 'BIGINT', error: 'VARCHAR',
            problems: 'STRUCT(message VARCHAR)[]'
        }
    )
), each AS (
    SELECT
        n, error, if(line IS NULL, input, concat(input, ':', line)) AS place,
        unnest(problems) AS problem
    FROM documents
)
SELECT
    error, regexp_replace(problem.message, '`[^`]*`', '`...`', 'g') AS reason,
    count(DISTINCT n) AS documents,
    round(100 * count(DISTINCT n) / (SELECT count(*) FROM documents), 2) AS percent,
    count(*) AS times,
    min(DISTINCT place, $examples) AS places
FROM each
GROUP BY ALL
ORDER BY documents DESC, error, reason;
