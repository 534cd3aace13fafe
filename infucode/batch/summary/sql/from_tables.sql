-- The tables that `infucode batch tables` wrote (t_NAME), in the form of unfold_answers.sql.
CREATE TABLE answers AS
SELECT
    row_number() OVER () AS n, encounter, outcome, policy, version, as_of, digest,
    code_sets::BIGINT AS code_sets
FROM t_answers;

CREATE TABLE lines AS
SELECT
    n, code_set::BIGINT AS code_set, code, NULL::VARCHAR AS label, units::BIGINT AS units,
    coalesce(modifiers, '') AS modifiers, date,
    string_split(nullif(rules, ''), ' | ') AS rules
FROM t_lines JOIN answers USING (encounter);

CREATE TABLE not_reported AS
SELECT n, coalesce(code_set::BIGINT, 0) AS code_set, rule
FROM t_not_reported JOIN answers USING (encounter);

CREATE TABLE questions AS SELECT n, fact FROM t_questions JOIN answers USING (encounter);

CREATE TABLE warnings AS SELECT n, rule FROM t_warnings JOIN answers USING (encounter);

CREATE TABLE violations AS
SELECT
    n, rule, severity, coalesce(lines, '') AS lines,
    coalesce(len(string_split(nullif(lines, ''), ' | ')), 0) AS claim_lines
FROM t_violations JOIN answers USING (encounter);

CREATE TABLE claim_lines AS
SELECT n, line, state FROM t_claim_lines JOIN answers USING (encounter);

CREATE TABLE not_checked AS
SELECT n, what, coalesce(why, '') AS why FROM t_not_checked JOIN answers USING (encounter);
