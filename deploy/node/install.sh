#!/bin/sh
# Makes a node's kubelet ask docker-credential-icr for the credentials of IBM Cloud Container Registry,
# or stops it. For nodes whose kubelet is yours to configure; run as root. What is there already and
# the same is left as it is, so that it may run at each boot; of other settings a copy is kept.
set -eu
LC_ALL=C
export LC_ALL
# Whoever calls: what is made here is for all to read, but for the folder of tokens.
umask 022

NAME=icr-credential-provider
root=''
here=$(dirname "$0")

usage() {
  cat <<END
Usage: install.sh (--program FILE | --url URL --sha256 HEX) [--config FILE] [--settings FILE] [--root DIR]
                  [--restart [--restart-within SECONDS]]
       install.sh --remove [--root DIR] [--restart [--restart-within SECONDS]]

  --program FILE   the executable docker-credential-icr
  --url URL        or an archive (.tar.gz) with it, over https
  --sha256 HEX     what the archive must be
  --config FILE    the CredentialProviderConfig (default: beside install.sh)
  --settings FILE  the settings of the helper, which name the identity (default: beside install.sh);
                   others that are there become settings.json.old
  --root DIR       install below DIR instead of /
  --restart        restart the kubelet if anything changed
  --restart-within SECONDS
                   wait before that, a random time up to this: for many nodes at once
  --remove         undo all that, with the key and the tokens, but leave the settings
END
}

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  if [ -n "${2-}" ]; then printf 'hint: %s\n' "$2" >&2; fi
  exit 1
}

main() {
  program='' url='' sha256='' config=$here/credential-provider-config.yaml settings=$here/settings.json
  restart=no restart_within=0 remove=no changed=no
  while [ $# -gt 0 ]; do
    case $1 in
      --program | --url | --sha256 | --config | --settings | --root | --restart-within)
        [ $# -gt 1 ] || fail "$1 needs a value"
        case $1 in
          --program) program=$2 ;;
          --url) url=$2 ;;
          --sha256) sha256=$2 ;;
          --config) config=$2 ;;
          --settings) settings=$2 ;;
          --root) root=${2%/} ;;
          --restart-within) restart_within=$2 ;;
        esac
        shift 2
        ;;
      --restart) restart=yes && shift ;;
      --remove) remove=yes && shift ;;
      --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
  done
  case $restart_within in *[!0-9]* | '') fail "--restart-within is no number of seconds" ;; esac
  # SELinux lets the kubelet run what is labelled bin_t, as this folder's files are.
  bin_dir=/usr/local/libexec/kubelet-credential-providers
  config_file=/etc/kubernetes/credential-providers/icr.yaml
  settings_file=/etc/docker-credential-icr/settings.json
  tmpfiles=/etc/tmpfiles.d/$NAME.conf
  # Where systemd looks for units, the first before the others.
  folders='/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system'
  # The last of the additions: one behind it could bring another command.
  drop_in=/etc/systemd/system/kubelet.service.d/zz-$NAME.conf
  old_drop_in=/etc/systemd/system/kubelet.service.d/50-$NAME.conf
  key_file=/var/lib/$NAME/apikey
  tokens=/run/$NAME
  # In memory, as a boot restarts the kubelet too.
  pending=/run/$NAME.restart
  config_flag=--image-credential-provider-config=$config_file
  bin_dir_flag=--image-credential-provider-bin-dir=$bin_dir
  flags="$config_flag $bin_dir_flag"
  assignment='^[[:blank:]]*KUBELET_EXTRA_ARGS[[:blank:]]*='
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
  place_program
  place 0644 "$config" "$config_file"
  keep_settings
  place 0644 "$settings" "$settings_file"
  # The cache of tokens, in memory; made again at each boot.
  printf 'd %s 0700 root root -\n' "$tokens" >"$work/tmpfiles"
  place 0644 "$work/tmpfiles" "$tmpfiles"
  (umask 077 && mkdir -p "$root$tokens")
  chmod 0700 "$root$tokens"
  label
  set_flags
}

find_program() {
  if [ -n "$program" ]; then
    [ -x "$program" ] || fail "$program is no executable"
    sha256=''
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
  curl --fail --silent --show-error --location --proto '=https' --connect-timeout 15 --max-time 120 --retry 5 \
    --output "$work/archive" -- "$url" || fail "cannot fetch $url"
  unpack
}

unpack() {
  sum=$(sha256sum "$work/archive")
  [ "${sum%% *}" = "$sha256" ] || fail "$url is not what --sha256 says" "do not use it"
  tar -xzf "$work/archive" -C "$work" docker-credential-icr || fail "$url holds no docker-credential-icr"
}

# The note says which archive the program is of: never while it is another, whenever this is stopped.
place_program() {
  note=$root$bin_dir/.$NAME.sha256
  if [ "$(cat "$note" 2>/dev/null)" != "$sha256" ]; then rm -f "$note"; fi
  place 0755 "$program" "$bin_dir/$NAME"
  if [ -n "$sha256" ]; then printf '%s\n' "$sha256" >"$note"; fi
}

keep_settings() {
  present=$root$settings_file
  if [ ! -e "$present" ] || cmp -s "$settings" "$present"; then return; fi
  cp -p "$present" "$present.old"
  echo "install.sh: the settings before are in $present.old"
}

# place MODE SOURCE TARGET: a whole file or none.
place() {
  if cmp -s "$2" "$root$3"; then
    chmod "$1" "$root$3"
    return
  fi
  mkdir -p "$(dirname "$root$3")"
  cp "$2" "$root$3.new"
  chmod "$1" "$root$3.new"
  note_change
  mv "$root$3.new" "$root$3"
}

# rewrite SOURCE TARGET: a file of the administrator, whose mode and owner stay, and who may have a link there.
rewrite() {
  file=$(real_path "$2")
  if cmp -s "$1" "$file"; then return; fi
  cp -p "$file" "$file.new"
  cat "$1" >"$file.new"
  note_change
  mv "$file.new" "$file"
}

real_path() {
  file=$(readlink -f "$root$1")
  top=$(readlink -f "$root/")
  case $file in
    "${top%/}"/*) printf '%s\n' "$file" ;;
    *) fail "$root$1 leads out of $root" ;;
  esac
}

# Before the change itself: the restart is owed, even if this is stopped in between.
note_change() {
  changed=yes
  if [ -z "$root" ]; then : >"$pending"; fi
}

label() {
  if [ -z "$root" ] && command -v restorecon >/dev/null; then
    restorecon -RF "$bin_dir" "$config_file" "$settings_file" "/run/$NAME" || true
  fi
}

# The files of the unit, as systemd reads them, without this script's own: of several units of this name
# the first, of additions all, in the order of their names, and of one name the first.
unit_files() {
  if [ -z "$root" ]; then
    for property in FragmentPath DropInPaths; do
      systemctl show --property "$property" kubelet.service | sed 's/^[^=]*=//' | tr ' ' '\n'
    done
  else
    first_of kubelet.service
    for folder in $folders; do ls "$root$folder/kubelet.service.d" 2>/dev/null || true; done | sort -u |
      while read -r name; do case $name in *.conf) first_of "kubelet.service.d/$name" ;; esac done
  fi | grep -vxF -e '' -e "$drop_in" -e "$old_drop_in" || true
}

first_of() {
  for folder in $folders; do
    if [ -e "$root$folder/$1" ]; then
      printf '%s\n' "$folder/$1"
      return
    fi
  done
}

# What they say: each setting on one line, without comments and needless blanks.
unit() {
  unit_files | while read -r file; do settings_of "$root$file"; done
}

# systemd may still name a file that is gone.
settings_of() {
  if [ ! -r "$1" ]; then return; fi
  sed -e ':a' -e '/\\$/N; s/ *\\\n */ /; ta' "$1" |
    sed -e 's/^[[:blank:]]*//' -e '/^[#;]/d' -e 's/^\([A-Za-z]*\)[[:blank:]]*=[[:blank:]]*/\1=/'
}

environment_files() {
  unit | sed -n 's/^EnvironmentFile=-\{0,1\}\(\/.*\)$/\1/p'
}

# The contents of those but one.
environment_without() {
  environment_files | while read -r file; do
    if [ "$file" != "$1" ] && [ -f "$root$file" ]; then settings_of "$root$file"; fi
  done
}

# Where kubeadm's packages let an administrator add flags; empty for a unit without such a place.
extra_args_file() {
  unit | grep -q 'KUBELET_EXTRA_ARGS' || return 0
  environment_files | grep -x -e /etc/default/kubelet -e /etc/sysconfig/kubelet | tail -n 1
}

# The flags of that kind in what comes from stdin.
provider_flags() {
  tr "\000 \t\"'" '\n' | sed -e 's/^[A-Za-z0-9_]*=//' | grep -e '^--image-credential-provider-' || true
}

configured_flags() {
  { unit && environment_without ''; } | provider_flags
}

# What the kubelet was started with, wherever that came from.
running_flags() {
  if [ -n "$root" ]; then return; fi
  pid=$(systemctl show --property MainPID kubelet.service)
  pid=${pid#MainPID=}
  if [ "${pid:-0}" != 0 ] && [ -r "/proc/$pid/cmdline" ]; then provider_flags <"/proc/$pid/cmdline"; fi
}

# Both flags are there without this script's drop-in: put there before, or by hand.
has_flags() {
  [ "$(configured_flags | grep -xF -e "$config_flag" -e "$bin_dir_flag" | sort -u | wc -l)" -eq 2 ]
}

check_flags() {
  [ -n "$(unit)" ] || fail "there is no kubelet.service" "set these flags of the kubelet yourself: $flags"
  others=$({ configured_flags && running_flags; } | grep -vxF -e "$config_flag" -e "$bin_dir_flag" || true)
  if [ -n "$others" ]; then
    fail "this kubelet asks another credential provider, and takes one folder and one configuration only" \
      "add $NAME to both of them"
  fi
  if has_flags; then return; fi
  args=$(extra_args_file)
  if [ -n "$args" ]; then check_extra_args; else check_last; fi
}

# What cannot be added to without a loss.
check_extra_args() {
  by_hand="add these flags to it yourself: $flags"
  if { unit | grep '^Environment=' || true; environment_without "$args"; } | grep -q 'KUBELET_EXTRA_ARGS=.*-'; then
    fail "KUBELET_EXTRA_ARGS is set elsewhere than in $args, which would override it or be overridden" "$by_hand"
  fi
  if [ ! -e "$root$args" ]; then return; fi
  real_path "$args" >/dev/null
  if grep "$assignment" "$root$args" | grep -q '\\$' || tail -n 1 "$root$args" | grep -q '\\$'; then
    fail "KUBELET_EXTRA_ARGS in $args goes over several lines" "$by_hand"
  fi
  if grep "${assignment}[[:blank:]]*[^[:blank:]\"']" "$root$args" | grep -q "[\"'\\\\]"; then
    fail "KUBELET_EXTRA_ARGS in $args has quotes within" "$by_hand"
  fi
}

check_last() {
  last=$(unit_files | while read -r file; do
    if settings_of "$root$file" | grep -q '^ExecStart='; then printf '%s\n' "${file##*/}"; fi
  done | grep -vx 'kubelet\.service' | tail -n 1 || true)
  if [ -n "$last" ] && [ "$(printf '%s\n' "$last" "${drop_in##*/}" | sort | tail -n 1)" = "$last" ]; then
    fail "the command of the kubelet is in $last, which comes behind ${drop_in##*/}" "add these flags to it yourself: $flags"
  fi
}

set_flags() {
  if has_flags; then
    remove_files "$drop_in" "$old_drop_in"
    return
  fi
  args=$(extra_args_file)
  if [ -n "$args" ]; then add_extra_args; else add_drop_in; fi
  remove_files "$old_drop_in"
}

add_extra_args() {
  if [ ! -e "$root$args" ]; then
    printf 'KUBELET_EXTRA_ARGS="%s"\n' "$flags" >"$work/args"
    place 0644 "$work/args" "$args"
    return
  fi
  if grep -q "$assignment" "$root$args"; then
    # Inside quotes, if there are any.
    sed -e "s|\($assignment\)[[:blank:]]*\([\"']\)\([\"']\)|\1\2$flags\3|; t" \
      -e "s|\($assignment\)[[:blank:]]*\([\"']\)|\1\2$flags |; t" \
      -e "s|\($assignment\)[[:blank:]]*\$|\1\"$flags\"|; t" \
      -e "s|\($assignment\)[[:blank:]]*\(.*[^[:blank:]]\)[[:blank:]]*\$|\1\"$flags \2\"|" "$root$args" >"$work/args"
  else
    cat "$root$args" >"$work/args"
    # Its last line may lack an end.
    if [ -n "$(tail -c 1 "$work/args")" ]; then echo >>"$work/args"; fi
    printf 'KUBELET_EXTRA_ARGS="%s"\n' "$flags" >>"$work/args"
  fi
  rewrite "$work/args" "$args"
}

# For a unit without such a place, as on OpenShift: its own command with the flags behind it, made again
# whenever this runs.
add_drop_in() {
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
    rewrite "$work/args" "$args"
  fi
  # With them and without the files the kubelet would not start.
  if configured_flags | grep -qxF -e "$config_flag" -e "$bin_dir_flag"; then
    fail "this kubelet has flags that were added by hand" "take them out first: $flags"
  fi
  # The flags first, then what they name.
  remove_files "$drop_in" "$old_drop_in" "$tmpfiles" "$config_file" "$bin_dir/$NAME" "$bin_dir/.$NAME.sha256" \
    "$key_file" "$tokens"
}

remove_files() {
  for file; do
    if [ -e "$root$file" ]; then note_change && rm -rf "$root$file"; fi
  done
}

finish() {
  if [ "$changed" = no ] && { [ -n "$root" ] || [ ! -e "$pending" ]; }; then
    echo "install.sh: nothing to change"
    return
  fi
  echo "install.sh: done"
  if [ -n "$root" ]; then return; fi
  systemctl daemon-reload
  if [ "$restart" = no ]; then
    echo "install.sh: restart kubelet.service"
    return
  fi
  wait_a_while
  systemctl try-restart kubelet.service
  rm -f "$pending"
}

# Nodes that start at the same moment shall not all restart, and then ask IAM, in the next.
wait_a_while() {
  random=$(od -A n -t u2 -N 2 /dev/urandom)
  sleep $((random * restart_within / 65536))
}

main "$@"
