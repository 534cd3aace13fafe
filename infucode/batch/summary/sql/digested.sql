-- What two runs are compared by: of each answer a digest of its code sets (or of its checked
-- claim), in which the order of lines and of code sets counts nothing, and one of the rules;
-- those of lines are left out where one run does not say them ($reasons).
CREATE TABLE digested AS
WITH claim_lines_told AS (
    SELECT n, code_set, concat_ws('|', code, units, modifiers, date) AS told FROM lines
    UNION ALL
    SELECT n, 0, concat_ws('|', 'claim line', line, state) FROM claim_lines
    UNION ALL
    SELECT n, 0, concat_ws('|', 'violation', rule, severity, lines) FROM violations
), counted AS (
    SELECT n, code_set, told, count(*) AS times
    FROM claim_lines_told
    GROUP BY n, code_set, told
), sets AS (
    SELECT n, code_set, bit_xor(md5_number(concat_ws('|', times, told))) AS digest
    FROM counted
    GROUP BY n, code_set
), alike AS (
    SELECT n, digest, count(*) AS times FROM sets GROUP BY n, digest
), claimed AS (
    SELECT n, bit_xor(md5_number(concat_ws('|', times, hex(digest)))) AS digest
    FROM alike
    GROUP BY n
), reasons AS (
    SELECT n, bit_xor(md5_number(concat_ws('|', part, least, most, rule))) AS digest
    FROM ruled
    WHERE part <> 'line' OR $reasons
    GROUP BY n
)
SELECT
    answers.n, encounter, outcome, code_sets, claimed.digest AS claim, reasons.digest AS reasons
FROM answers
LEFT JOIN claimed ON claimed.n = answers.n
LEFT JOIN reasons ON reasons.n = answers.n;
