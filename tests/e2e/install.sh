# SPDX-License-Identifier: MIT
#
# What install puts somewhere, uninstall takes away again.

make -s -C "$AQ_TOP" B="$(dirname "$(dirname "$(command -v aquatint-train)")")" DESTDIR="$PWD/root" PREFIX=/usr install > said 2>&1 ||
	{ cat said; exit 1; }
for program in prep train snapshot render; do
	root/usr/bin/aquatint-$program --version
	[ -s root/usr/share/man/man1/aquatint-$program.1 ]
done
[ -s root/usr/share/man/man5/aquatint-net.5 ]
[ -s root/usr/share/aquatint/schemas/run.schema ]
make -s -C "$AQ_TOP" B="$(dirname "$(dirname "$(command -v aquatint-train)")")" DESTDIR="$PWD/root" PREFIX=/usr uninstall
[ -z "$(find root -type f)" ]
