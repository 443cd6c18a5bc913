#!/bin/sh
# Runs a command in a private network and mount namespace in which the names of IBM Cloud are real
# names on this machine: servers can listen on port 443 of us.icr.io and iam.cloud.ibm.com, clients
# reach them as they would the real ones, and nothing outside is touched or reached.
set -eu

# 192.0.2.1 is TEST-NET-1 (RFC 5737); not 127.0.0.1, whose names docker treats as insecure.
export ICR_TEST_ADDRESS=192.0.2.1
# Where every cloud has its instance metadata service.
export ICR_TEST_METADATA_ADDRESS=169.254.169.254

# An ordinary user becomes root of a user namespace.
[ "$(id -u)" = 0 ] || set -- --as-user "$@"
if [ "$1" = --as-user ]; then shift; mapping="--user --map-root-user"; else mapping=; fi

# shellcheck disable=SC2086
exec unshare $mapping --mount --net --pid --fork --mount-proc --kill-child sh -eu -c '
  ip link set lo up
  ip addr add "$ICR_TEST_ADDRESS/32" dev lo
  ip addr add "$ICR_TEST_METADATA_ADDRESS/32" dev lo
  for folder in /run /dev/shm /var/lib/containers /etc/docker; do
    [ ! -d "$folder" ] || mount -t tmpfs tmpfs "$folder"
  done
  mkdir -p /run/lock
  hosts=$(mktemp)
  {
    printf "127.0.0.1 localhost\n::1 localhost\n%s" "$ICR_TEST_ADDRESS"
    for region in "" us. uk. de. au. jp. jp2. ca. ca2. br. es. in. in2. fr2.; do
      printf " %sicr.io private.%sicr.io" "$region" "$region"
    done
    for name in iam.cloud.ibm.com identity-3.us-east.iam.cloud.ibm.com private.iam.cloud.ibm.com \
      api.metadata.cloud.ibm.com api.metadata.power-iaas.cloud.ibm.com \
      iam.test.cloud.ibm.com stg.icr.io cp.icr.io registry.example; do
      printf " %s" "$name"
    done
    printf "\n"
  } >"$hosts"
  chmod 644 "$hosts"
  mount --bind "$hosts" /etc/hosts
  rm "$hosts"
  exec "$@"
' sh "$@"
