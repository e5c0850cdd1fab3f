# shellcheck shell=bash
# Shared by the other scripts: where things are, how to speak, how to fail. Sourced, never run.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" || exit 1

# Tools that cargo and npm install are used without being on the caller's PATH.
export PATH="$root/scripts/tools:$root/target/tools/bin:$root/end2end/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# Says what happens now, on standard error, so that a script's output stays its output.
say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

# Ends with a sentence that says what to do.
die() {
  printf '\033[1;31m✗ %s\033[0m\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Where cargo builds: CARGO_TARGET_DIR, the configuration, or ./target.
target_dir() {
  cargo metadata --format-version 1 --no-deps --offline 2>/dev/null | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).target_directory'
}

# The folder with the program and its site, as it is shipped; run, test and bench use the same one.
artifact_dir() { printf '%s/release-artifact/taquilla' "$(target_dir)"; }

# A port on the loopback address that is free at the moment.
free_port() {
  node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# Runs a command as root, for the packages of the system.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Prints how long a step took: step "text" command …
step() {
  local text="$1" begin=$SECONDS
  shift
  say "$text"
  "$@" || die "Failed: $text"
  say "done in $((SECONDS - begin)) s"
}

# The Chromium that the browser tests drive.
find_chromium() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then printf '%s' "$CHROMIUM"; return; fi
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if have "$name"; then command -v "$name"; return; fi
  done
  return 1
}

# The folder with PostgreSQL's server programs (Debian keeps them off PATH).
find_postgres() {
  local folder
  if have initdb && have pg_ctl; then dirname "$(readlink -f "$(command -v initdb)")"; return; fi
  folder="$(find /usr/lib/postgresql /usr/pgsql-* /opt/homebrew/opt/postgresql* -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)"
  [ -n "$folder" ] && dirname "$folder"
}
