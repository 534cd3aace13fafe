# The subset of the check of claims, over one claim as input and the tables as data.
package claims

import rego.v1

professional_in_facility contains line.id if {
	input.claim == "professional"
	input.place in data.tables.facility_places
	some line in input.lines
	line.code in data.tables.facility_reports
}

facility_only contains line.id if {
	input.claim == "professional"
	some line in input.lines
	line.code in data.tables.facility_only
}

setting := professional_in_facility | facility_only

judged := [line | some line in input.lines; not line.id in setting]

marked(line) if {
	some modifier in line.modifiers
	modifier in data.tables.distinct
}

separate_visit(line) if {
	line.code in data.tables.visits
	data.tables.separate_visit in line.modifiers
}

pairs := data.tables.pairs[input.claim]

lifted(second, _) if {
	not second.code in data.tables.visits
	marked(second)
}

lifted(second, _) if separate_visit(second)

lifted(_, first) if separate_visit(first)

pair contains second.id if {
	some first in judged
	some second in judged
	first.id != second.id
	first.date == second.date
	pairs[first.code][second.code] == 0
}

pair contains second.id if {
	some first in judged
	some second in judged
	first.id != second.id
	first.date == second.date
	pairs[first.code][second.code] == 1
	not lifted(second, first)
}

flush contains line.id if {
	some line in judged
	line.code in data.tables.flushes
	some other in judged
	other.date == line.date
	not other.code in data.tables.supplies
}

kept := [line | some line in judged; not line.id in pair; not line.id in flush]

limits := data.tables.limits[input.claim]

units contains line.id if {
	some line in kept
	limits[line.code][1] == 1
	line.units > limits[line.code][0]
}

total(code, date) := sum([line.units |
	some line in kept
	line.code == code
	line.date == date
])

upto(place, own) := sum([line.units |
	line := kept[at]
	at <= place
	line.code == own.code
	line.date == own.date
])

unexplained(code, date) if {
	line := kept[place]
	line.code == code
	line.date == date
	upto(place, line) > limits[code][0]
	not marked(line)
}

units contains line.id if {
	some line in kept
	limits[line.code][1] == 2
	total(line.code, line.date) > limits[line.code][0]
}

units contains line.id if {
	some line in kept
	limits[line.code][1] == 3
	total(line.code, line.date) > limits[line.code][0]
	unexplained(line.code, line.date)
}

left := {line.code | some line in kept; not line.id in units}

primaries := data.tables.primaries[input.claim]

carried := {code: [addon | some addon in left; code in primaries[addon]] | some code in left}

standing := graph.reachable(carried, {code | some code in left; not primaries[code]})

primary contains line.id if {
	some line in kept
	not line.id in units
	not line.code in standing
}

denied := {
	"setting": setting,
	"pair": pair,
	"flush": flush,
	"units": units,
	"primary": primary,
}
