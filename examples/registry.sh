#!/bin/sh
# A registry on 127.0.0.1:5000 with one small image in it, team/app:1.4, to try Keyhole on. When it ends, nothing is left.
set -eu
for tool in docker-registry skopeo umoci; do
  command -v "$tool" > /dev/null || {
    echo "$tool is missing. On Debian: apt-get install docker-registry skopeo umoci" >&2
    exit 1
  }
done
port=${REGISTRY_PORT:-5000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 0' INT TERM

cat > "$folder/registry.yml" <<END
version: 0.1
log: { level: info, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: "$folder/storage" } }
http: { addr: "127.0.0.1:$port" }
END
docker-registry serve "$folder/registry.yml" > "$folder/log" 2>&1 &
registry=$!
trap 'kill $registry 2> /dev/null; rm -rf "$folder"' EXIT
until host=$(sed -n 's/.*listening on \(127\.0\.0\.1:[0-9]*\).*/\1/p' "$folder/log") && [ -n "$host" ]; do
  kill -0 $registry 2> /dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.1
done

image=$folder/layout:1.4
umoci init --layout "$folder/layout"
umoci new --image "$image"
umoci config --image "$image" --config.entrypoint /usr/bin/app --config.label org.opencontainers.image.title=app
umoci unpack --image "$image" "$folder/one" 2> /dev/null
(
  cd "$folder/one/rootfs"
  mkdir -p etc usr/bin var/cache
  ln -s usr/bin bin
  echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd
  echo 'secret=left-behind' > etc/build.env
  printf '#!/bin/sh\necho "hello from app"\n' > usr/bin/app
  chmod 755 usr/bin/app
  echo 'not needed' > var/cache/index
)
umoci repack --image "$image" --history.created_by 'COPY . /' "$folder/one"
umoci unpack --image "$image" "$folder/two" 2> /dev/null
(
  cd "$folder/two/rootfs"
  rm -r etc/build.env var/cache
  echo 'app:x:1000:1000::/:/usr/bin/app' >> etc/passwd
)
umoci repack --image "$image" --history.created_by 'RUN rm -r /etc/build.env /var/cache && adduser app' "$folder/two"
skopeo copy --quiet --insecure-policy --dest-tls-verify=false "oci:$image" "docker://$host/team/app:1.4"

echo "$host/team/app:1.4 is there. Ctrl-C, or kill $$, ends the registry."
wait $registry
