#!/usr/bin/env bash
# Runs a program as the first process of something like a container: own mounts, own process ids, own root file system.
# The network stays this machine's. Started by `unshare --mount --pid --fork`.
#
#   container.sh BASE IMAGE rw|ro UID [NAME=VALUE...] PROGRAM [ARGUMENT...]
#
# BASE holds the volumes (volume, config, secret). IMAGE is `empty`, `debian` (this machine's programs) or a folder.
set -euo pipefail

base=$1 image=$2 mode=$3 uid=$4
shift 4
root=$base/root

mkdir -p "$root" "$base/layers"
mount -t tmpfs layers "$base/layers"
mkdir "$base/layers"/{upper,work,empty}
case $image in
    empty) lower=$base/layers/empty ;;
    debian) lower=/ ;;
    *) lower=$image ;;
esac
mount -t overlay -o "lowerdir=$lower,upperdir=$base/layers/upper,workdir=$base/layers/work" image "$root"

mkdir -p "$root"/{proc,dev,tmp,toolkit,.workspace,.workspace-config,.workspace-secret}
if [[ $image == debian ]]; then
    # This machine's data is no part of the image.
    for hidden in root home run var; do mount -t tmpfs hidden "$root/$hidden"; done
fi
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755 dev "$root/dev"
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done

# The volume: /toolkit for the init container, /.workspace for the workspace container.
if [[ -e $root/.workspace/bin ]]; then target=toolkit; else target=.workspace; fi
mount --bind "$base/volume" "$root/$target"
mount --bind "$base/config" "$root/.workspace-config"
mount --bind "$base/secret" "$root/.workspace-secret"
[[ $mode != ro ]] || mount -o remount,bind,ro "$root"

chroot=$(command -v chroot) setpriv=$(command -v setpriv) environment=()
while [[ ${1-} == *=* ]]; do
    environment+=("$1")
    shift
done
if ((uid == 0)); then
    exec env -i "${environment[@]}" "$chroot" "$root" "$@"
else
    # Without new privileges, a process that is not root has no capability and never gets one.
    exec env -i "${environment[@]}" "$setpriv" --no-new-privs "$chroot" --userspec="$uid:$uid" --groups= "$root" "$@"
fi
