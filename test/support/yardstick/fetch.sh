#!/bin/sh
# Brings the archives that other readers of tar are tested with, and Go's reader itself, into the folder $1. Debian's own
# tools fetch and verify them, with lists of their own, so that nothing is installed and nobody need be root.
set -eu

release=trixie
target=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$target.new
rm -rf "$work"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/from" "$work/archives"
cd "$work"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
for kind in deb deb-src; do
  echo "$kind [signed-by=$keyring] http://deb.debian.org/debian $release main"
done > sources.list
apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User= -o Acquire::Retries=3 "$@"
}
apt update
apt download golang-1.24-src golang-1.24-go libpython3.13-testsuite
for package in ./*.deb; do dpkg-deb -x "$package" from; done
# A mirror may lack one of a source's tarballs that nobody here asks for; the one that counts is looked for below.
apt source --download-only --tar-only libarchive node-tar || true
for source in libarchive_*.orig.tar.* node-tar_*.orig.tar.*; do tar -xf "$source" -C from; done

# tar-rs keeps its archives out of what it publishes, so Debian has none of them: features.test.ts makes their like.
collect() {
  mkdir "archives/$1"
  find "$2" -type f \( -name '*.tar' -o -name '*.tar.*' -o -name '*.tgz' \) ! -name '*.base64' -exec cp {} "archives/$1" \;
}
collect go from/usr/share/go-1.24/src/archive/tar/testdata
collect python from/usr/lib/python3.13/test/archivetestdata
collect libarchive "$(echo from/libarchive-*)"
collect node-tar "$(echo from/node-tar-*)"
python3 "$here/unpack.py" "$work/archives"

GOROOT="$work/from/usr/lib/go-1.24" GOCACHE="$work/go-cache" GOPATH="$work/go" GO111MODULE=off GOTOOLCHAIN=local \
  CGO_ENABLED=0 HOME="$work" from/usr/lib/go-1.24/bin/go build -o read-go "$here/read.go"

find . -mindepth 1 -maxdepth 1 ! -name archives ! -name read-go -exec chmod -R u+w {} + -exec rm -rf {} +
rm -rf "$target"
mv "$work" "$target"
