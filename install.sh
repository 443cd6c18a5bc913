#!/bin/sh
# Installs docker-credential-icr, or removes it again. No network, except for npm's in a checkout.
set -eu
LC_ALL=C
export LC_ALL

TAB=$(printf '\t')
NAME=docker-credential-icr
MANIFEST=share/doc/$NAME/installed-files
# All that may ever be installed or removed, below the prefix.
KNOWN="bin/$NAME
share/man/man1/$NAME.1
share/bash-completion/completions/$NAME
share/zsh/site-functions/_$NAME
share/fish/vendor_completions.d/$NAME.fish
share/doc/$NAME/LICENSE"
OTHER_ARCHIVE="take the archive that is made for it, or build it in a checkout"

usage() {
  cat <<END
Usage: install.sh [--prefix DIR] [--force]
       install.sh --archive FILE (--sha256 HEX | --signature FILE --key FILE) [--prefix DIR] [--force]
       install.sh --uninstall [--prefix DIR] [--force]

Installs $NAME, its man page and completions for bash, zsh and fish.
From a checkout it builds what is missing or older than the sources (npm ci, npm run build); a
released archive has to be verified.

  --prefix DIR      install below DIR, the program in DIR/bin (default: \$PREFIX, else ~/.local,
                    for root /usr/local)
  --archive FILE    install from this released archive (default, without a checkout: the one that
                    lies beside install.sh)
  --sha256 HEX      what the archive must be, from another place than the archive
                    (default: \$ICR_INSTALL_SHA256)
  --signature FILE  signature of the archive, raw or in base64
  --key FILE        public key (PEM) that it must be made with: Ed25519, ECDSA or RSA with SHA-256
  --force           replace files that install.sh did not install; with --uninstall, remove files
                    that were changed since
  --uninstall       remove what install.sh has installed, and nothing else
  --help            show this
END
}

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# fail MESSAGE [HINT]
fail() {
  printf 'install.sh: %s\n' "$1" >&2
  if [ -n "${2-}" ]; then printf 'hint: %s\n' "$2" >&2; fi
  exit 1
}

main() {
  prefix=${PREFIX-} archive='' sha256=${ICR_INSTALL_SHA256-} signature='' key='' force=no uninstall=no
  read_options "$@"
  choose_prefix
  work=$(mktemp -d "${TMPDIR:-/tmp}/icr-install.XXXXXX") || fail "cannot make a temporary folder" "set TMPDIR to a folder that can be written to"
  : >"$work/staged"
  : >"$work/folders"
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ "$uninstall" = yes ]; then
    remove_all
  else
    find_files
    check_target
    stage_all
    commit
    explain_what_next
  fi
}

read_options() {
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      --prefix=* | --archive=* | --sha256=* | --signature=* | --key=*)
        set -- "${option#*=}" "$@"
        option=${option%%=*}
        ;;
    esac
    case $option in
      --force) force=yes ;;
      --uninstall) uninstall=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      --prefix | --archive | --sha256 | --signature | --key)
        if [ $# -eq 0 ] || [ -z "$1" ]; then fail "$option needs a value" "install.sh --help"; fi
        case $option in
          --prefix) prefix=$1 ;;
          --archive) archive=$1 ;;
          --sha256) sha256=$1 ;;
          --signature) signature=$1 ;;
          --key) key=$1 ;;
        esac
        shift
        ;;
      *) fail "unknown option: $option" "install.sh --help" ;;
    esac
  done
}

choose_prefix() {
  if [ "$(id -u)" -eq 0 ]; then
    # What root installs is for everybody, whatever root's umask is.
    umask 022
    if [ -z "$prefix" ]; then
      prefix=/usr/local
      confirm_for_everybody
    fi
  elif [ -z "$prefix" ]; then
    if [ -z "${HOME-}" ]; then fail "HOME is not set" "give --prefix DIR"; fi
    prefix=$HOME/.local
  fi
  case $prefix in
    *[[:cntrl:]]* | *:*) fail "a folder with a colon or a control character in its name cannot be on PATH" "give another --prefix" ;;
  esac
  case $prefix in
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
  esac
  while [ "${prefix%/}" != "$prefix" ]; do prefix=${prefix%/}; done
  bin=$prefix/bin
}

confirm_for_everybody() {
  if [ "$uninstall" = yes ] || [ ! -t 0 ] || [ ! -t 2 ]; then return; fi
  printf 'Install for all users, in /usr/local/bin? [Y/n] ' >&2
  read -r answer || answer=n
  case $answer in
    '' | [Yy] | [Yy][Ee][Ss]) ;;
    *) fail "not installed" "run it without root for yourself alone, or give --prefix DIR" ;;
  esac
}

# Temporary files go in any case; folders only if nothing came to lie in them.
clean_up() {
  status=$?
  trap '' HUP INT TERM
  while IFS=$TAB read -r temporary _; do rm -f "$temporary"; done <"$work/staged"
  sort -r "$work/folders" | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || :; done
  rm -rf "$work"
  exit "$status"
}

# ---- where the files come from ----

# Sets $program, and $page and $license where there are such.
find_files() {
  here=$(cd "$(dirname "$0")" 2>/dev/null && pwd) || here=''
  page='' license=''
  if [ -z "$archive" ] && is_checkout; then
    build_if_needed
    program=$here/dist/$NAME
    if [ -f "$program.1" ]; then page=$program.1; fi
    if [ -f "$here/LICENSE" ]; then license=$here/LICENSE; fi
    return
  fi
  if [ -z "$archive" ]; then find_archive; fi
  verify_archive
  unpack_archive
}

is_checkout() {
  [ -n "$here" ] && [ -f "$here/src/main.ts" ] && [ -f "$here/scripts/build.mjs" ] && [ -f "$here/package-lock.json" ]
}

build_if_needed() {
  if [ -f "$here/dist/$NAME" ]; then
    newer=$(cd "$here" && find src scripts/build scripts/build.mjs scripts/bun.mjs package-lock.json -newer "dist/$NAME" 2>/dev/null | head -n 1)
    if [ -z "$newer" ]; then return; fi
    say "Building $NAME (npm ci, npm run build): $newer is newer than dist/$NAME"
  else
    say "Building $NAME (npm ci, npm run build): there is no dist/$NAME"
  fi
  command -v npm >/dev/null 2>&1 || fail "npm is needed to build $NAME" "install Node 20.19 or newer, or take a released archive: --archive FILE"
  (cd "$here" && npm ci && npm run build) || fail "the build failed" "npm says above why"
  [ -f "$here/dist/$NAME" ] || fail "the build made no dist/$NAME" "run npm run build in $here"
}

find_archive() {
  if [ -n "$here" ]; then
    for file in "$here/$NAME"*.tar.gz; do
      if [ ! -f "$file" ]; then continue; fi
      if [ -n "$archive" ]; then fail "there are several archives in $here" "say which one with --archive FILE"; fi
      archive=$file
    done
  fi
  [ -n "$archive" ] || fail "there is nothing to install: no checkout and no archive beside install.sh" "give --archive FILE"
}

# Works on a copy: what was verified is what is unpacked, even if the archive lies where others write.
verify_archive() {
  if [ -z "$sha256" ] && [ -z "$signature$key" ]; then
    fail "the archive is not verified: nothing says that it is the one that was released" "give --sha256 HEX (or ICR_INSTALL_SHA256) with the hash from the release page, or --signature FILE --key FILE"
  fi
  [ -f "$archive" ] || fail "there is no archive $archive" "give another --archive FILE"
  cat "$archive" >"$work/archive.tar.gz" || fail "cannot read $archive" "is there space in ${TMPDIR:-/tmp}?"
  if [ -n "$sha256" ]; then verify_hash; fi
  if [ -n "$signature$key" ]; then verify_signature; fi
}

verify_hash() {
  wanted=$(printf %s "$sha256" | tr '[:upper:]' '[:lower:]')
  case $wanted in *[!0-9a-f]*) wanted='' ;; esac
  [ ${#wanted} -eq 64 ] || fail "--sha256 is not a SHA-256 hash" "it has 64 hexadecimal digits"
  found=$(sha256_of "$work/archive.tar.gz")
  [ "$found" = "$wanted" ] || fail "the archive has another SHA-256: $found" "do not use it; download it again, and take the hash from the release page"
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
  else
    fail "there is no program for SHA-256" "install sha256sum, shasum or openssl"
  fi
}

verify_signature() {
  if [ -z "$signature" ] || [ -z "$key" ]; then fail "--signature and --key belong together" "the key says who signed it: take it from another place than the archive"; fi
  command -v openssl >/dev/null 2>&1 || fail "openssl is needed for --signature" "install it, or give --sha256 HEX"
  [ -f "$signature" ] || fail "there is no signature $signature" "give another --signature FILE"
  openssl pkey -pubin -in "$key" -noout -text >"$work/key" 2>/dev/null || fail "$key is not a public key" "it is a PEM file that begins with -----BEGIN PUBLIC KEY-----"
  # LibreSSL (macOS) has no way to do it.
  if is_ed25519 && ! openssl pkeyutl -help 2>&1 | grep -q rawin; then
    fail "this openssl cannot check Ed25519 signatures" "install OpenSSL 3, or give --sha256 HEX"
  fi
  openssl base64 -d -A -in "$signature" -out "$work/signature" 2>/dev/null || :
  is_signed_with "$signature" || is_signed_with "$work/signature" ||
    fail "the signature does not fit the archive and the key" "do not use it; download both again, and check whose key it is"
}

is_ed25519() { grep -qi '^ED25519' "$work/key"; }

is_signed_with() {
  [ -s "$1" ] || return 1
  if is_ed25519; then
    openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/archive.tar.gz" -sigfile "$1" >/dev/null 2>&1
  else
    openssl dgst -sha256 -verify "$key" -signature "$1" "$work/archive.tar.gz" >/dev/null 2>&1
  fi
}

# Only plain files with known names, each once. They are read out and not extracted, so that the
# archive has no say in where anything goes, whose it is and what may be done with it.
unpack_archive() {
  tar -tzf "$work/archive.tar.gz" >"$work/names" 2>/dev/null || fail "the archive cannot be read" "it has to be a tar.gz"
  tar -tvzf "$work/archive.tar.gz" >"$work/list" 2>/dev/null || fail "the archive cannot be read" "it has to be a tar.gz"
  while IFS= read -r entry; do
    case $entry in
      "$NAME" | "$NAME.1" | LICENSE) ;;
      *) fail "the archive has an entry that does not belong there: $(printable "$entry")" "do not use it" ;;
    esac
  done <"$work/names"
  if grep -qv '^-' "$work/list"; then fail "the archive has an entry that is not a plain file" "do not use it"; fi
  [ -z "$(sort "$work/names" | uniq -d)" ] || fail "the archive has an entry twice" "do not use it"
  grep -qx "$NAME" "$work/names" || fail "the archive has no $NAME in it" "take the one for this system from the release page"
  program=$(unpacked "$NAME")
  if grep -qx "$NAME.1" "$work/names"; then page=$(unpacked "$NAME.1"); fi
  if grep -qx LICENSE "$work/names"; then license=$(unpacked LICENSE); fi
}

unpacked() {
  tar -xzOf "$work/archive.tar.gz" "$1" >"$work/$1" || fail "$1 cannot be unpacked" "is there space in ${TMPDIR:-/tmp}?"
  say "$work/$1"
}

printable() { printf %s "$1" | tr -c '[:print:]' '?'; }

# ---- into the prefix ----

check_target() {
  if [ -d "$bin/$NAME" ]; then fail "$bin/$NAME is a folder" "give another --prefix"; fi
  if { [ ! -e "$bin/$NAME" ] && [ ! -L "$bin/$NAME" ]; } || [ "$force" = yes ] || is_unchanged "bin/$NAME"; then return; fi
  is_ours "$bin/$NAME" || fail "$bin/$NAME is another program" "replace it with --force, or give another --prefix"
}

is_ours() {
  case $("$1" version 2>/dev/null </dev/null) in
    "$NAME ("*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether the file is what install.sh has put there.
is_unchanged() {
  hash=$(installed_hash "$1")
  [ -n "$hash" ] && [ -f "$prefix/$1" ] && [ ! -L "$prefix/$1" ] && [ "$(sha256_of "$prefix/$1")" = "$hash" ]
}

installed_hash() {
  if [ ! -f "$prefix/$MANIFEST" ]; then return; fi
  while read -r kind hash place; do
    if [ "$kind" = file ] && [ "$place" = "$1" ]; then say "$hash"; fi
  done <"$prefix/$MANIFEST"
}

stage_all() {
  stage "$program" "bin/$NAME" 755
  # Out of the folder where it will lie: others may be mounted so that nothing runs there.
  staged_program=$temporary
  is_ours "$staged_program" || fail "$NAME does not run on this system: $(uname -s) $(uname -m)" "$(why_not "$staged_program")"
  version=$("$staged_program" version </dev/null)
  version=${version##* }
  if [ -n "$page" ]; then stage_unless_foreign "$page" "share/man/man1/$NAME.1"; fi
  if [ -n "$license" ]; then stage_unless_foreign "$license" "share/doc/$NAME/LICENSE"; fi
  stage_completion bash "share/bash-completion/completions/$NAME"
  stage_completion zsh "share/zsh/site-functions/_$NAME"
  stage_completion fish "share/fish/vendor_completions.d/$NAME.fish"
  write_manifest >"$work/manifest"
  stage "$work/manifest" "$MANIFEST" 644
}

# What the system itself says of a program that does not start.
why_not() {
  case $("$1" version 2>&1 </dev/null) in
    *GLIBC_*) say "the C library of this system is too old: glibc 2.17 or newer is needed" ;;
    *libstdc++* | *libgcc*) say "it needs the libraries libstdc++ and libgcc, which a bare Alpine lacks: apk add libstdc++ libgcc" ;;
    *"env: "*"'node'"*) say "this archive needs Node 20.19 or newer: install it, or take the archive that is made for this system" ;;
    # It is there: what is not found is what loads it.
    *"not found"* | *"No such file"*) which_libc ;;
    *) say "$OTHER_ARCHIVE" ;;
  esac
}

which_libc() {
  for loader in /lib/ld-musl-*; do
    if [ ! -e "$loader" ]; then continue; fi
    say "the C library of this system is musl: take the archive with -musl in its name"
    return
  done
  say "$OTHER_ARCHIVE"
}

stage_completion() {
  if "$staged_program" completion "$1" >"$work/completion.$1" 2>/dev/null </dev/null; then
    stage_unless_foreign "$work/completion.$1" "$2"
  fi
}

# A file that somebody else put there stays.
stage_unless_foreign() {
  if [ -e "$prefix/$2" ] && [ "$force" = no ] && ! is_unchanged "$2" && ! cmp -s "$1" "$prefix/$2"; then
    warn "$prefix/$2 is not from install.sh or was changed: left as it is (--force replaces it)"
  elif [ ! -e "$prefix/$2" ] || [ "$force" = yes ] || [ -n "$(installed_hash "$2")" ]; then
    stage "$1" "$2" 644
  fi
}

# stage FILE PLACE MODE: under a temporary name in the folder where it will lie; sets $temporary. With no ending in it:
# below a package.json that says "module", Node runs no file with one that it does not know.
stage() {
  make_folder "$prefix/${2%/*}"
  temporary=$(mktemp "$prefix/${2%/*}/.$NAME-XXXXXX" 2>/dev/null) || fail "cannot write to $prefix/${2%/*}" "give a --prefix that you may write to"
  printf '%s\t%s\n' "$temporary" "$2" >>"$work/staged"
  cat "$1" >"$temporary" || fail "cannot write to $prefix/${2%/*}" "is there space left?"
  chmod "$3" "$temporary"
}

make_folder() {
  if [ -d "$1" ]; then return; fi
  if [ -n "${1%/*}" ]; then make_folder "${1%/*}"; fi
  mkdir "$1" 2>/dev/null || fail "cannot make $1" "give a --prefix that you may write to"
  printf '%s\n' "$1" >>"$work/folders"
}

# For --uninstall: what was installed, and which folders were made for it, now or earlier.
write_manifest() {
  manifest_folder=$prefix/${MANIFEST%/*}
  make_folder "$manifest_folder"
  say "# Made by install.sh, which needs it for --uninstall"
  while IFS=$TAB read -r temporary place; do
    say "file $(sha256_of "$temporary") $place"
  done <"$work/staged"
  if [ -f "$prefix/$MANIFEST" ]; then
    while read -r kind hash place; do
      if [ "$kind" = file ] && ! grep -q "$TAB$place\$" "$work/staged"; then say "file $hash $place"; fi
    done <"$prefix/$MANIFEST"
  fi
  {
    sed 's/^/folder /' "$work/folders"
    if [ -f "$prefix/$MANIFEST" ]; then grep '^folder ' "$prefix/$MANIFEST" || :; fi
  } | sort -u
}

# The manifest, last in the list, first: whatever comes after it can be removed by it.
commit() {
  trap '' HUP INT TERM
  sort -r -t "$TAB" -k 2 "$work/staged" >"$work/order"
  rename_staged "$MANIFEST"
  while IFS=$TAB read -r _ place; do
    if [ "$place" != "$MANIFEST" ]; then rename_staged "$place"; fi
  done <"$work/order"
  : >"$work/staged"
}

rename_staged() {
  while IFS=$TAB read -r temporary staged_place; do
    if [ "$staged_place" = "$1" ]; then mv -f "$temporary" "$prefix/$1" || fail "cannot write $prefix/$1" "run install.sh --uninstall"; fi
  done <"$work/staged"
}

# ---- what to do next ----

explain_what_next() {
  say "Installed $NAME $version in $bin"
  first=$(first_on_path)
  if ! is_on_path "$bin"; then
    explain_path
  elif [ -n "$first" ] && [ "$(real_folder "$first")" != "$(real_folder "$bin")" ]; then
    warn "PATH finds another $NAME first: $first/$NAME"
  fi
  say "Next: $NAME login"
}

real_folder() { (CDPATH='' cd -P -- "$1" 2>/dev/null && pwd) || say "$1"; }

is_on_path() {
  case ":${PATH-}:" in
    *":$1:"* | *":$1/:"*) return 0 ;;
    *) return 1 ;;
  esac
}

# The first folder on PATH that has the program.
first_on_path() (
  set -f
  IFS=:
  for folder in ${PATH-}; do
    if [ -f "$folder/$NAME" ] && [ -x "$folder/$NAME" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
)

# The expressions are for the user's shell and not for this one.
# shellcheck disable=SC2016,SC2088
explain_path() {
  quoted=$(printf %s "$bin" | sed 's/[\\"$`]/\\&/g')
  if [ -n "${HOME-}" ]; then
    case $bin in
      "$HOME"/*) quoted='$HOME'$(printf %s "${bin#"$HOME"}" | sed 's/[\\"$`]/\\&/g') ;;
    esac
  fi
  line="export PATH=\"$quoted:\$PATH\""
  case ${SHELL-} in
    */fish)
      say "$bin is not on your PATH. Run this once:"
      say "  fish_add_path '$(printf %s "$bin" | sed "s/[\\\\']/\\\\&/g")'"
      return
      ;;
    */zsh) profile='~/.zshrc' ;;
    */bash) if [ "$(uname -s)" = Darwin ]; then profile='~/.bash_profile'; else profile='~/.bashrc'; fi ;;
    *) profile='~/.profile' ;;
  esac
  say "$bin is not on your PATH. Add this line to $profile and open a new shell:"
  say "  $line"
}

# ---- out again ----

remove_all() {
  if [ ! -f "$prefix/$MANIFEST" ]; then
    if [ -e "$bin/$NAME" ] || [ -L "$bin/$NAME" ]; then fail "$bin/$NAME was not installed by install.sh" "remove it the way it came"; fi
    say "Nothing is installed in $prefix"
    return
  fi
  cat "$prefix/$MANIFEST" >"$work/manifest"
  while read -r kind _ place; do
    if [ "$kind" != file ] || ! is_known "$place"; then continue; fi
    if [ ! -e "$prefix/$place" ] && [ ! -L "$prefix/$place" ]; then continue; fi
    if [ "$force" = yes ] || is_unchanged "$place"; then
      remove "$place"
    else
      warn "$prefix/$place was changed since it was installed: left as it is"
    fi
  done <"$work/manifest"
  remove "$MANIFEST"
  sed -n 's/^folder //p' "$work/manifest" | sort -r | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || :; done
  say "Removed $NAME from $prefix; what it has stored is still there"
  config=${DOCKER_CONFIG:-${HOME-}/.docker}/config.json
  if grep -q '"icr"' "$config" 2>/dev/null; then
    warn "$config still names it (\"icr\" in credHelpers or credsStore): clients fail until that is removed"
  fi
}

is_known() { printf '%s\n' "$KNOWN" | grep -Fqx -- "$1"; }

remove() { rm -f "$prefix/$1" 2>/dev/null || fail "cannot remove $prefix/$1" "run it as the user who installed it"; }

# Read to its end before anything happens.
main "$@"
