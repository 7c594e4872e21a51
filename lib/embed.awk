# SPDX-License-Identifier: MIT
#
# Texts built into the programs, as a C file: a table of each file's name and its text.
#
#	awk -v header=io/schema.h -v table='struct aq_schema aq_schemas' -f lib/embed.awk FILE...
BEGIN {
	print "#include \"" header "\"\n"
	print "const " table "[] = {"
}
FNR == 1 {
	if (NR > 1)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.schema$/, "", name)
	print "\t{ \"" name "\","
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	print "\t  \"" $0 "\\n\""
}
END { print "\t},\n\t{ 0 },\n};" }
