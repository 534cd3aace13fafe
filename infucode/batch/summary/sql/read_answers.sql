-- The answers of a run as they were written, numbered in their order; the fields that are told of.
CREATE TABLE read_answers AS
SELECT row_number() OVER () AS n, *
FROM read_json(
    $file,
    format = 'newline_delimited',
    maximum_object_size = 33554432,
    columns = {
        schema: 'VARCHAR',
        encounter: 'VARCHAR',
        policy: 'STRUCT(id VARCHAR, version VARCHAR, as_of VARCHAR, digest VARCHAR)',
        outcome: 'VARCHAR',
        code_sets: 'STRUCT(
            lines STRUCT(
                code VARCHAR, label VARCHAR, units BIGINT, modifiers VARCHAR[], date VARCHAR,
                because STRUCT(rule VARCHAR)[])[],
            not_reported STRUCT(rule VARCHAR)[])[]',
        not_reported: 'STRUCT(rule VARCHAR)[]',
        asks: 'STRUCT(fact VARCHAR)[]',
        warnings: 'STRUCT(rule VARCHAR)[]',
        lines: 'STRUCT(line VARCHAR, state VARCHAR)[]',
        violations: 'STRUCT(rule VARCHAR, severity VARCHAR, lines VARCHAR[])[]',
        not_checked: 'STRUCT(what VARCHAR, why VARCHAR)[]'
    }
);
