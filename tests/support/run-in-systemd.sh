#!/usr/bin/env bash
# Boots a real systemd and runs a command in it. systemd is PID 1 of namespaces of its own, on a throw-away
# overlay of this machine's root file system: nothing that is written inside reaches the machine.
#
#   run-in-systemd.sh [--over DIR] COMMAND [ARG...]
#
# --over DIR   the files of DIR lie over the machine's, as after an installation
# COMMAND      runs as root inside; its streams and its exit status are this script's. In MACHINE it finds
#              the number, as the outside counts, of a process whose namespaces others may enter.
#
# Started are the journal and nothing else. /sys and /proc/sys can't be written, the network is a loopback of
# its own, the clock is the machine's. MemoryMax= and TasksMax= bite only where cgroup2 has the controllers.
#
# Needs root, cgroup2, overlayfs, util-linux, systemd. Exit status 125: this machine can't do it.
set -u

die() { echo "run-in-systemd: $*" >&2; exit 125; }

over=
if [ "${1:-}" = --over ]; then over=$(realpath -e "${2:-}") || exit 125; shift 2; fi
[ $# -gt 0 ] || die "no command"
[ "$(id -u)" = 0 ] || die "needs root"
[ -x /usr/lib/systemd/systemd ] || die "systemd is not installed"

base=$(mktemp -d) || exit 125
cg=
main=
finish() {
  trap '' INT TERM
  # PID 1 goes with it, and with PID 1 all that runs inside.
  [ -z "$main" ] || { kill -KILL "$main"; wait "$main"; } 2> /dev/null
  for _ in {1..200}; do
    [ -d "$cg" ] && find "$cg" -depth -type d -exec rmdir {} + 2> /dev/null
    [ -d "$cg" ] || break
    read -rt 0.05 <> <(:)
  done
  umount -l "$base/cgroup" 2> /dev/null
  umount -l "$base" && rmdir "$base"
}
mount -t tmpfs -o mode=0755 tmpfs "$base" || die "no tmpfs"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$base"/{cgroup,up,work,root}
cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
if [ -z "$cgroups" ]; then
  cgroups=$base/cgroup
  mount -t cgroup2 none "$cgroups" || die "no cgroup2"
fi
cg=$cgroups/run-in-systemd-$$
mkdir "$cg" || die "no cgroup in $cgroups"
for controller in $(cat "$cgroups/cgroup.controllers"); do
  echo "+$controller" > "$cgroups/cgroup.subtree_control"
done 2> /dev/null
mkfifo "$base/ready"
exec 9<> "$base/ready"
[ -z "$over" ] || cp -a "$over/." "$base/up" || die "can't copy $over"

# What runs in the new namespaces, up to systemd.
cat > "$base/setup" << 'SETUP'
set -eu
base=$1 root=$1/root
echo 0 > "$2/cgroup.procs"
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=/,upperdir=$base/up,workdir=$base/work" "$root"
cd "$root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount --bind -o ro proc/sys proc/sys
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o nosuid,mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs dev/shm
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs tmp
mkdir run/host
mount --bind "$base" run/host
: > etc/fstab
# Nothing of what this machine starts.
rm -rf {etc,usr/lib}/systemd/system/*.{wants,requires}
cat > etc/systemd/system/ready.service << 'UNIT'
[Unit]
After=basic.target systemd-journald.service
Wants=systemd-journald.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo ready > /run/host/ready'
UNIT
mkdir .outside
pivot_root . .outside
cd /
umount -l /.outside
mount --make-rshared /
exec unshare --cgroup bash -c 'mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
  exec env -i container=run-in-systemd LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/lib/systemd/systemd --unit=ready.service --log-target=journal --show-status=0'
SETUP

unshare --mount --pid --fork --kill-child --uts --ipc --net \
  bash "$base/setup" "$base" "$cg" < /dev/null > "$base/boot.log" 2>&1 9>&- &
main=$!
for tries in {1..300}; do
  read -rt 0.2 -u 9 _ && break
  [ "$tries" -lt 300 ] && kill -0 "$main" || { cat "$base/boot.log" >&2; die "systemd does not come up"; }
done
machine=$(head -n 1 "$cg/init.scope/cgroup.procs")
nsenter --target "$machine" --mount --pid --uts --ipc --cgroup --net --wdns=/ \
  env -i MACHINE="$machine" HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" 9>&-
