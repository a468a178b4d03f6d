#!/bin/sh
# Brings the program $2 of Debian's package $1 to the path $3. Debian's own tools fetch and verify it, with lists of their own, so
# that nothing is installed and nobody need be root. Of the releases that are kept it is the oldest: its programs run on the newer.
set -eu

package=$1
program=$2
target=$3
mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$(dirname "$target")/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/from"
cd "$work"

echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" > sources.list
apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User= -o Acquire::Retries=3 \
    -o Acquire::Languages=none "$@"
}
apt update
apt download "$package"
dpkg-deb -x ./*.deb from
# At once, whole: somebody else may be fetching the same.
mv "from/$program" "$target"
