# What the wrappers share: finding and installing the tools that building and testing need.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

# need COMMAND PACKAGE: makes sure the command is there; installs the Debian package where apt-get can.
need() {
  command -v "$1" >/dev/null 2>&1 && return
  install_package "$2" "$1"
}

install_package() {
  if ! command -v apt-get >/dev/null 2>&1; then
    say "$2 is missing. Install it with your system's package manager (Debian calls the package $1), then run this again."
    exit 1
  fi
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  say "installing $1 ..."
  if [ -z "${apt_updated:-}" ]; then
    "${sudo[@]}" apt-get update -qq >&2
    apt_updated=1
  fi
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

need_dotnet() {
  if ! command -v dotnet >/dev/null 2>&1; then
    say "The .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0, then run this again."
    exit 1
  fi
}

# Compiled ahead of time for this machine, into artifacts/switchyard: what is run a moment after its start is fast, too.
build_switchyard() {
  local output
  if ! output=$(dotnet publish "$root/src/Switchyard.Cli" -c Release --use-current-runtime --self-contained false \
    -p:PublishReadyToRun=true -o "$root/artifacts/switchyard" -v quiet --nologo 2>&1); then
    say "$output"
    exit 1
  fi
}

# Prints the folder of PostgreSQL's server programs, or nothing.
postgres_bin() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V -r) "$(pg_config --bindir 2>/dev/null)"; do
    [ -x "$folder/initdb" ] && printf '%s\n' "$folder" && return
  done
}

# Starts a PostgreSQL of our own on a socket in a temporary folder; sets SWITCHYARD_TEST_POSTGRES and postgres_folder.
start_postgres() {
  local bin
  bin=$(postgres_bin)
  if [ -z "$bin" ]; then
    install_package postgresql postgres
    bin=$(postgres_bin)
  fi
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/switchyard-pg.XXXXXX")
  as_postgres=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$postgres_folder"
    as_postgres=(runuser -u postgres --)
  fi
  chmod 755 "$postgres_folder"
  postgres_ctl="$bin/pg_ctl"
  (
    cd /
    "${as_postgres[@]}" "$bin/initdb" -D "$postgres_folder/data" -A trust -U postgres --no-sync >/dev/null
    "${as_postgres[@]}" "$postgres_ctl" -D "$postgres_folder/data" -w -s -l "$postgres_folder/log" \
      -o "-k $postgres_folder -c listen_addresses='' -c max_connections=200 -c fsync=${POSTGRES_FSYNC:-off}" start
  )
  export SWITCHYARD_TEST_POSTGRES="Host=$postgres_folder;Username=postgres;Database=postgres"
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  (cd / && "${as_postgres[@]}" "$postgres_ctl" -D "$postgres_folder/data" -m immediate -s stop) || true
  rm -rf "$postgres_folder"
}
