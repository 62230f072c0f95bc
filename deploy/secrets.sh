#!/usr/bin/env bash
# Makes the secrets that compose.yaml reads, once, in deploy/secrets: a password and the connection string of the database,
# a token for the API with the line that coordinators know it by, and Grafana's password.
set -euo pipefail
cd "$(dirname "$0")"
umask 077

if [[ -e secrets ]]; then
  echo "deploy/secrets is there already; remove it to make new ones" >&2
  exit
fi
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

mkdir secrets.new
cd secrets.new
random >database-password
printf 'Host=database;Port=5432;Database=gencluster;Username=gencluster;Password=%s\n' "$(cat database-password)" >database-connection
printf 'gct_%s' "$(random)" >token
printf 'compose admin %s\n' "$(sha256sum <token | cut -d' ' -f1)" >tokens
random >grafana-password
chmod 644 ./* # the programs of the containers read them as users of their own; the folder itself is nobody else's
cd ..
mv secrets.new secrets
echo "made deploy/secrets; the API's token is in deploy/secrets/token" >&2
