#!/usr/bin/env bash
# A machine of its own for the scripts of the host, in the mount namespace in which it is started: the files of this
# machine with a layer in memory over them, at $1/host, and its own /dev, /run, /tmp and fstab; $2 are the stand-ins,
# $3, if there is one, the programs of xfs. When all is there, $1.pid says whose namespace it is.
set -euo pipefail
root=$1
mount --make-rprivate /
mount -t tmpfs tmpfs "$root"
mkdir "$root/upper" "$root/work" "$root/host"
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/host"
cd "$root/host"
mount --rbind /proc proc
mount --rbind /sys sys
for folder in dev run tmp; do mount -t tmpfs tmpfs "$folder"; done
mknod dev/null c 1 3
mknod dev/zero c 1 5
mknod dev/urandom c 1 9
chmod 666 dev/null dev/zero dev/urandom
chmod 1777 tmp
ln -s /proc/self/fd dev/fd
mkdir -p dev/disk/by-id etc/nginx/conf.d opt stand-ins/{bin,state,secrets}
echo 'UUID=11111111-1111-1111-1111-111111111111 / xfs defaults,noatime 1 1' >etc/fstab
: >stand-ins/faults
: >stand-ins/calls
for name in aws docker dnf rpm systemctl nginx needs-restarting swapon swapoff sleep; do
  install --mode 755 "$2" "stand-ins/bin/$name"
done
if [[ $# -gt 2 ]]; then
  mkdir stand-ins/xfs
  mount --bind "$3" stand-ins/xfs
fi
echo $$ >"$root.pid"
exec tail --follow /dev/null
