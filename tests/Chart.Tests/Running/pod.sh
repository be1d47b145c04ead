#!/bin/sh
# A container without an engine, in namespaces of its own: a root with the image's folder, the mounts, the user. What it is told is
# in POD_*; the arguments are the environment (NAME=VALUE) and then the command. Programs besides the image's are this machine's.
set -eu

# PATH AS: for reading only.
show() {
    if [ -d "$1" ]; then mkdir -p "$2"; else : > "$2"; fi
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2"
}

: > "$POD_FOLDER/unshared"
until ip link show eth0 > /dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip addr add "$POD_ADDRESS/24" dev eth0
ip link set eth0 up
hostname "$POD_NAME"

root=$POD_FOLDER/root
mkdir "$root"
mount -t tmpfs -o mode=755 root "$root"
for name in bin lib lib64 sbin usr; do
    if [ -L "/$name" ]; then
        ln -s "$(readlink "/$name")" "$root/$name"
    elif [ -d "/$name" ]; then
        show "/$name" "$root/$name"
    fi
done
mkdir "$root/dev" "$root/etc"
for name in proc dev/null dev/zero dev/random dev/urandom etc/ssl etc/alternatives etc/ld.so.cache; do
    [ ! -e "/$name" ] || show "/$name" "$root/$name"
done
cp "$POD_FOLDER/hosts" "$root/etc/hosts"
echo 'hosts: files' > "$root/etc/nsswitch.conf"
show "$POD_DOTNET" "$root/dotnet"
[ -z "$POD_IMAGE" ] || show "$POD_IMAGE" "$root$POD_DIRECTORY"
while read -r kind target source; do
    mkdir -p "$root$target"
    case $kind in
        read) mount --bind "$source" "$root$target" && mount -o remount,bind,ro "$root$target" ;;
        write) mount --bind "$source" "$root$target" ;;
        memory) mount -t tmpfs -o "$source" volume "$root$target" ;;
    esac
done < "$POD_FOLDER/mounts"
[ "$POD_ROOT" != read-only ] || mount -o remount,bind,ro "$root"

# shellcheck disable=SC2086
exec chroot "$root" setpriv $POD_PRIVILEGES --pdeathsig KILL env -i -C "$POD_DIRECTORY" "$@"
