-- One row for each thing of each answer; code sets are counted from 1, 0 stands for all of them.
CREATE TABLE answers AS
SELECT
    n, encounter, outcome, policy.id AS policy, policy.version AS version,
    policy.as_of AS as_of, policy.digest AS digest,
    coalesce(len(code_sets), 0) AS code_sets
FROM read_answers;

CREATE TABLE lines AS
WITH sets AS (
    SELECT n, generate_subscripts(code_sets, 1) AS code_set, unnest(code_sets) AS own
    FROM read_answers
), each AS (
    SELECT n, code_set, unnest(own.lines) AS line FROM sets
)
SELECT
    n, code_set, line.code AS code, line.label AS label, line.units AS units,
    array_to_string(line.modifiers, ' | ') AS modifiers, line.date AS date,
    list_transform(line.because, lambda reason: reason.rule) AS rules
FROM each;

CREATE TABLE not_reported AS
WITH sets AS (
    SELECT n, generate_subscripts(code_sets, 1) AS code_set, unnest(code_sets) AS own
    FROM read_answers
), each AS (
    SELECT n, code_set, unnest(own.not_reported) AS item FROM sets
    UNION ALL
    SELECT n, 0, unnest(not_reported) FROM read_answers
)
SELECT n, code_set, item.rule AS rule FROM each;

CREATE TABLE questions AS
SELECT n, ask.fact AS fact FROM (SELECT n, unnest(asks) AS ask FROM read_answers);

CREATE TABLE warnings AS
SELECT n, item.rule AS rule FROM (SELECT n, unnest(warnings) AS item FROM read_answers);

CREATE TABLE violations AS
SELECT
    n, item.rule AS rule, item.severity AS severity,
    array_to_string(item.lines, ' | ') AS lines, len(item.lines) AS claim_lines
FROM (SELECT n, unnest(violations) AS item FROM read_answers);

CREATE TABLE claim_lines AS
SELECT n, item.line AS line, item.state AS state
FROM (SELECT n, unnest(lines) AS item FROM read_answers);

CREATE TABLE not_checked AS
SELECT n, item.what AS what, item.why AS why
FROM (SELECT n, unnest(not_checked) AS item FROM read_answers);

DROP TABLE read_answers;
