# shellcheck shell=bash
# What ./run and ./test need from this machine: packages, kubectl, a build. Sourced by them, with $root set to the checkout.

# Everything that is made at run time, and what is downloaded (shared by checkouts where WORKSPACES_CACHE says so).
# shellcheck disable=SC2154
local_folder=$root/.local
cache_folder=${WORKSPACES_CACHE:-$local_folder/cache}
export WORKSPACES_CACHE=$cache_folder

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# packages_in FILE...: names in lists with comments.
packages_in() { sed -e 's/#.*//' "$@" | tr -s '[:space:]' '\n' | sed '/^$/d'; }

is_installed() { [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# require_packages FILE...: installs what is missing; who may not is told the one command to run.
require_packages() {
    command -v dpkg-query >/dev/null || fail "This needs Debian or a relative of it: packages come from apt. On another system install the equivalents of: $(packages_in "$@" | xargs)"
    local package missing=()
    for package in $(packages_in "$@"); do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        fail "These packages are missing. As root:  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "Installing ${missing[*]} ..."
    install_quietly "${missing[@]}"
}

# Installs without letting the packages start their own servers. Two switches do that, and both are put back afterwards:
# policy-rc.d answers "may this service start?", createcluster.d "shall PostgreSQL make a first database?".
install_quietly() (
    policy=/usr/sbin/policy-rc.d
    cluster=/etc/postgresql-common/createcluster.d/workspaces.conf
    # shellcheck disable=SC2317
    restore() {
        rm -f "$policy" "$cluster"
        rmdir --ignore-fail-on-non-empty "$(dirname "$cluster")" 2>/dev/null || true
        [[ ! -e $policy.before-workspaces ]] || mv "$policy.before-workspaces" "$policy"
    }
    trap restore EXIT
    [[ ! -e $policy || -e $policy.before-workspaces ]] || mv "$policy" "$policy.before-workspaces"
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
    mkdir -p "$(dirname "$cluster")"
    echo 'create_main_cluster = false' >"$cluster"

    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get -q update && apt-get -q -y install --no-install-recommends "$@"; } >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    rm -f "$log"

    # Nor at the next boot.
    if [[ -d /run/systemd/system ]]; then
        for package in "$@"; do
            case $package in
                postgresql) systemctl --quiet disable postgresql.service ;;
                rabbitmq-server) systemctl --quiet disable rabbitmq-server.service epmd.socket ;;
                openssh-server) systemctl --quiet disable ssh.service ;;
            esac
        done
    fi
)

require_dotnet() {
    command -v dotnet >/dev/null || fail "The .NET SDK 10 is not installed (or not on PATH)."
    [[ $(cd "$root" && dotnet --version 2>/dev/null) == 10.* ]] || fail "This needs the .NET SDK 10; 'dotnet --list-sdks' says: $(dotnet --list-sdks | xargs)"
}

# Older kubectl speaks protocols that LocalCluster does not. Where there is none from 1.30 on, one comes from a newer Debian,
# unpacked under .local and not installed.
require_kubectl() {
    local tools=$cache_folder/tools version
    version=$(kubectl version --client --output=json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -n 1 || true)
    ((${version:-0} < 30)) || return 0

    # Also for the shells that read run.env.
    export WORKSPACES_KUBECTL=$tools PATH=$tools:$PATH
    [[ ! -x $tools/kubectl ]] || return 0
    say "Getting kubectl ..."
    local apt=$cache_folder/apt-trixie mirror
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | grep -v security | head -n 1 || true)
    [[ $mirror ]] || fail "kubectl 1.30 or later is needed, and apt names no Debian mirror to get it from; install it by hand."
    mkdir -p "$apt"/{lists/partial,cache/archives/partial,parts} "$tools"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$mirror" >"$apt/sources.list"
    : >"$apt/status"
    cat >"$apt/apt.conf" <<END
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/parts";
Dir::Etc::preferences "$apt/parts/none";
Dir::Etc::preferencesparts "$apt/parts";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
END
    (cd "$apt" && export APT_CONFIG=$apt/apt.conf && rm -f ./kubectl_*.deb && apt-get -qq update && apt-get -qq download kubectl && dpkg-deb -x kubectl_*.deb unpacked) ||
        fail "kubectl 1.30 or later is needed and could not be downloaded; install it by hand."
    mv "$apt/unpacked/usr/bin/kubectl" "$tools/kubectl"
    rm -rf "$apt"
}

# The toolkit in the recorded versions, or in those that the mirror has where it has dropped them.
require_toolkit() {
    "$root/images/toolkit/build" || { say "Building the toolkit from what the mirror has now."; "$root/images/toolkit/build" --newest; }
}

# Build servers would go on running after we are done.
build_solution() {
    (cd "$root" && dotnet build "$1" --verbosity quiet --nologo --disable-build-servers --tl:off -consoleLoggerParameters:"NoSummary;ErrorsOnly")
}
