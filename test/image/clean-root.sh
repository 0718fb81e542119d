#!/bin/sh
# clean-root.sh ROOT NODE APP: makes what the last stage of deploy/image/Dockerfile makes, from Debian's packages, as root: the
# libraries that Node needs, certificates, Node, the server, and a user.
set -eu
root=$1 node=$2 app=$3
debs=$(mktemp -d)
trap 'rm -rf "$debs"' EXIT
mkdir -p "$root/etc/ssl/certs" "$root/tmp" "$root/proc" "$root/dev" "$root/usr/local/bin"
(cd "$debs" && apt-get download -q base-files netbase libc6 libgcc-s1 libstdc++6 ca-certificates >/dev/null 2>&1)
mkdir -p "$root/usr/lib" "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib64"
for link in lib lib64 bin sbin; do ln -s "usr/$link" "$root/$link"; done
for deb in "$debs"/*.deb; do
  # As the merged folders of /usr would take it.
  mkdir "$debs/x" && dpkg-deb -x "$deb" "$debs/x"
  for folder in lib lib64 bin sbin; do
    if [ -d "$debs/x/$folder" ]; then mkdir -p "$debs/x/usr/$folder" && cp -a "$debs/x/$folder/." "$debs/x/usr/$folder/" && rm -rf "${debs:?}/x/$folder"; fi
  done
  cp -a "$debs/x/." "$root/" && rm -rf "$debs/x"
done
find "$root/usr/share/ca-certificates" -name '*.crt' -exec cat {} + > "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" "$root/usr/share/lintian" "$root"/usr/lib/*/gconv
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' > "$root/etc/group"
strip -o "$root/usr/local/bin/node" "$node"
chmod 755 "$root/usr/local/bin/node"
cp -R "$app" "$root/app"
