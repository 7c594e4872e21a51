# SPDX-License-Identifier: MIT
#
# The schemas as a C file: each its name and its text.
BEGIN {
	print "#include \"io/schema.h\"\n"
	print "const struct aq_schema aq_schemas[] = {"
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
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	print "\t  \"" $0 "\\n\""
}
END { print "\t},\n\t{ 0 },\n};" }
