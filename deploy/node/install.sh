#!/bin/sh
# Makes a node's kubelet ask docker-credential-icr for the credentials of IBM Cloud Container Registry,
# or stops it. For nodes whose kubelet is yours to configure; run as root. What is there already is
# left as it is, so that it may run at each boot.
set -eu
LC_ALL=C
export LC_ALL

NAME=icr-credential-provider
root=''
here=$(dirname "$0")

usage() {
  cat <<END
Usage: install.sh (--program FILE | --url URL --sha256 HEX) [--config FILE] [--settings FILE] [--root DIR] [--restart]
       install.sh --remove [--root DIR] [--restart]

  --program FILE   the executable docker-credential-icr
  --url URL        or an archive (.tar.gz) with it, over https
  --sha256 HEX     what the archive must be
  --config FILE    the CredentialProviderConfig (default: beside install.sh)
  --settings FILE  the settings of the helper, which name the identity (default: beside install.sh)
  --root DIR       install below DIR instead of /
  --restart        restart the kubelet if anything changed
  --remove         undo all that, but leave the settings
END
}

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  if [ -n "${2-}" ]; then printf 'hint: %s\n' "$2" >&2; fi
  exit 1
}

main() {
  program='' url='' sha256='' config=$here/credential-provider-config.yaml settings=$here/settings.json
  restart=no remove=no changed=no
  while [ $# -gt 0 ]; do
    case $1 in
      --program | --url | --sha256 | --config | --settings | --root)
        [ $# -gt 1 ] || fail "$1 needs a value"
        case $1 in
          --program) program=$2 ;;
          --url) url=$2 ;;
          --sha256) sha256=$2 ;;
          --config) config=$2 ;;
          --settings) settings=$2 ;;
          --root) root=${2%/} ;;
        esac
        shift 2
        ;;
      --restart) restart=yes && shift ;;
      --remove) remove=yes && shift ;;
      --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
  done
  # SELinux lets the kubelet run what is labelled bin_t, as this folder's files are.
  bin_dir=/usr/local/libexec/kubelet-credential-providers
  config_file=/etc/kubernetes/credential-providers/icr.yaml
  settings_file=/etc/docker-credential-icr/settings.json
  tmpfiles=/etc/tmpfiles.d/$NAME.conf
  drop_in=/etc/systemd/system/kubelet.service.d/50-$NAME.conf
  flags="--image-credential-provider-config=$config_file --image-credential-provider-bin-dir=$bin_dir"
  if [ "$remove" = yes ]; then remove; else install; fi
  finish
}

install() {
  [ -r "$config" ] || fail "there is no $config" "name the CredentialProviderConfig with --config"
  [ -r "$settings" ] || fail "there is no $settings" "name the settings of the helper with --settings"
  check_flags
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # The flags come last: with them and without the files the kubelet would not start.
  find_program
  place 0755 "$program" "$bin_dir/$NAME"
  place 0644 "$config" "$config_file"
  place 0644 "$settings" "$settings_file"
  # The cache of tokens, in memory; made again at each boot.
  printf 'd /run/%s 0700 root root -\n' "$NAME" >"$work/tmpfiles"
  place 0644 "$work/tmpfiles" "$tmpfiles"
  mkdir -p "$root/run/$NAME"
  chmod 0700 "$root/run/$NAME"
  label
  set_flags
}

find_program() {
  if [ -n "$program" ]; then
    [ -x "$program" ] || fail "$program is no executable"
    return
  fi
  [ -n "$url" ] || fail "no program is named" "give --program, or --url and --sha256"
  case $sha256 in *[!0-9a-f]* | '') fail "--sha256 is missing or no checksum" "take it from the release page" ;; esac
  program=$work/docker-credential-icr
  # At each boot: what is there already need not be fetched again.
  if [ -x "$root$bin_dir/$NAME" ] && [ "$(cat "$root$bin_dir/.$NAME.sha256" 2>/dev/null)" = "$sha256" ]; then
    cp "$root$bin_dir/$NAME" "$program"
    return
  fi
  case $url in https://*) ;; *) fail "$url is not https" ;; esac
  curl --fail --silent --show-error --location --proto '=https' --retry 5 --output "$work/archive" -- "$url" ||
    fail "cannot fetch $url"
  unpack
}

unpack() {
  sum=$(sha256sum "$work/archive")
  [ "${sum%% *}" = "$sha256" ] || fail "$url is not what --sha256 says" "do not use it"
  tar -xzf "$work/archive" -C "$work" docker-credential-icr || fail "$url holds no docker-credential-icr"
  printf '%s\n' "$sha256" >"$work/sha256"
  place 0644 "$work/sha256" "$bin_dir/.$NAME.sha256"
}

# place MODE SOURCE TARGET: a whole file or none.
place() {
  if cmp -s "$2" "$root$3"; then return; fi
  mkdir -p "$(dirname "$root$3")"
  cp "$2" "$root$3.new"
  chmod "$1" "$root$3.new"
  mv "$root$3.new" "$root$3"
  changed=yes
}

label() {
  if [ -z "$root" ] && command -v restorecon >/dev/null; then
    restorecon -RF "$bin_dir" "$config_file" "$settings_file" "/run/$NAME" || true
  fi
}

# The unit and what is added to it, each setting on one line. Of several units of this name systemd
# takes the first, of additions all.
unit() {
  folders='/etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system'
  for folder in $folders; do
    if [ -r "$root$folder/kubelet.service" ]; then
      join_lines "$root$folder/kubelet.service"
      break
    fi
  done
  for folder in $folders; do
    for file in "$root$folder"/kubelet.service.d/*.conf; do
      if [ -r "$file" ] && [ "$file" != "$root$drop_in" ]; then join_lines "$file"; fi
    done
  done
}

join_lines() {
  sed -e ':a' -e '/\\$/N; s/ *\\\n */ /; ta' "$1"
}

# Where kubeadm's packages let an administrator add flags; empty for a unit without such a place.
extra_args_file() {
  unit | grep -q 'KUBELET_EXTRA_ARGS' || return 0
  unit | sed -n 's/^EnvironmentFile=-\{0,1\}\(\/etc\/\(default\|sysconfig\)\/kubelet\)$/\1/p' | head -n 1
}

check_flags() {
  [ -n "$(unit)" ] || fail "there is no kubelet.service" "set these flags of the kubelet yourself: $flags"
  args=$(extra_args_file)
  others=$(unit; [ -z "$args" ] || cat "$root$args" 2>/dev/null || true)
  case $(printf '%s' "$others" | sed "s|$flags||") in
    *--image-credential-provider-*)
      fail "this kubelet asks another credential provider, and takes one folder and one configuration only" \
        "add $NAME to both of them"
      ;;
  esac
}

set_flags() {
  args=$(extra_args_file)
  if [ -n "$args" ]; then
    mkdir -p "$(dirname "$root$args")"
    touch "$root$args"
    if grep -qF -e "$flags" "$root$args"; then return; fi
    if grep -q '^KUBELET_EXTRA_ARGS=' "$root$args"; then
      # Inside quotes, if there are any.
      sed "s|^KUBELET_EXTRA_ARGS=\([\"']\{0,1\}\)|&$flags |; s| \$||" "$root$args" >"$work/args"
      case $(grep '^KUBELET_EXTRA_ARGS=' "$root$args") in
        *=\"* | *=\'*) ;;
        *) sed 's|^KUBELET_EXTRA_ARGS=\(.*\)$|KUBELET_EXTRA_ARGS="\1"|' "$work/args" >"$work/quoted" && mv "$work/quoted" "$work/args" ;;
      esac
    else
      { cat "$root$args"; printf 'KUBELET_EXTRA_ARGS="%s"\n' "$flags"; } >"$work/args"
    fi
    place 0644 "$work/args" "$args"
    return
  fi
  # A unit without such a place, as on OpenShift: its own command with the flags behind it, made again
  # whenever this runs.
  command=$(unit | sed -n 's/^ExecStart=\(..*\)$/\1/p' | tail -n 1)
  [ -n "$command" ] || fail "kubelet.service has no ExecStart"
  printf '[Service]\nExecStart=\nExecStart=%s %s\n' "$command" "$flags" >"$work/drop-in"
  place 0644 "$work/drop-in" "$drop_in"
}

remove() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  args=$(extra_args_file)
  if [ -n "$args" ] && [ -r "$root$args" ]; then
    sed "s|$flags *||" "$root$args" >"$work/args"
    place 0644 "$work/args" "$args"
  fi
  # The flags first, then what they name.
  for file in "$drop_in" "$tmpfiles" "$config_file" "$bin_dir/$NAME" "$bin_dir/.$NAME.sha256"; do
    if [ -e "$root$file" ]; then rm -f "$root$file" && changed=yes; fi
  done
}

finish() {
  if [ "$changed" = no ]; then
    echo "install.sh: nothing to change"
    return
  fi
  echo "install.sh: done"
  if [ -n "$root" ]; then return; fi
  systemctl daemon-reload
  if [ "$restart" = yes ]; then systemctl try-restart kubelet.service; else echo "install.sh: restart kubelet.service"; fi
}

main "$@"
