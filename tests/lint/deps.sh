#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what is missing to build, run and test, on Debian and its children; elsewhere says what to install.
# Where all is there it does nothing.
#
#	deps.sh [browser]      browser: what tests the report's page, too
set -eu

missing=""
need() { # PACKAGE COMMAND...: the package is missing unless the command succeeds
	package=$1
	shift
	"$@" > /dev/null 2>&1 || missing="$missing $package"
}
library() { pkg-config --exists "$1"; }

need gcc sh -c 'command -v "${CC:-gcc}"'
need libc6-dev sh -c 'echo "#include <stdlib.h>" | "${CC:-cc}" -E -'
need make command -v make
need binutils command -v objcopy
need pkg-config command -v pkg-config
need libhdf5-dev library hdf5
need zlib1g-dev library zlib
need libpng-dev library libpng
need libcmocka-dev library cmocka
need mandoc command -v mandoc
need hdf5-tools command -v h5dump
[ "${1-}" != browser ] || need chromium command -v chromium
[ -n "$missing" ] || exit 0

if ! command -v apt-get > /dev/null; then
	cat >&2 <<-EOF
	Missing (by their Debian names):$missing
	Fedora:   dnf install gcc make binutils pkgconf hdf5-devel zlib-devel libpng-devel libcmocka-devel mandoc hdf5
	Arch:     pacman -S gcc make binutils pkgconf hdf5 zlib libpng cmocka mandoc
	Homebrew: brew install gcc make binutils pkg-config hdf5 zlib libpng cmocka mandoc
	EOF
	exit 1
fi

echo "installing:$missing"
sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing
