#!/bin/sh
# with-deb.sh FILE COMMAND…: runs a command where a .deb is installed, by dpkg itself, in a mount namespace
# whose /usr, /etc and /var are overlays that vanish with it. Then purges it: whatever is left is a failure.
set -eu

if [ "$1" != --inside ]; then exec unshare --mount --propagation private sh "$0" --inside "$@"; fi
deb=$2
shift 2
name=$(dpkg-deb --field "$deb" Package)
layers=/mnt
mount -t tmpfs tmpfs "$layers"
for folder in usr etc var; do
  mkdir -p "$layers/$folder" "$layers/work-$folder"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$layers/$folder,workdir=$layers/work-$folder" "/$folder"
done
dpkg --install "$deb" >&2
dpkg --verify "$name"
status=0
"$@" || status=$?
dpkg --purge "$name" >&2
left=$(find "$layers" -name "*$name*" ! -type c)
if [ -n "$left" ]; then
  echo "left behind: $left" >&2
  status=1
fi
exit "$status"
