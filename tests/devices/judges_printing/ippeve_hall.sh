#!/bin/sh
# An IPP printer of somebody else's, alone on a network of its own: $1 is its folder, $2 its name.
# It will not start without DNS-SD, so the message bus and avahi run beside it; all end with this process.
set -eu
folder=$1
mount -t tmpfs none /run
mkdir -p /run/dbus /run/avahi-daemon "$folder/spool"
cat > "$folder/avahi.conf" <<END
[server]
allow-interfaces=lo
use-ipv6=no
[rlimits]
END
dbus-daemon --system --fork --nopidfile
avahi-daemon --daemonize --no-chroot --no-drop-root --no-rlimits --file "$folder/avahi.conf"
exec ippeveprinter -p 8631 -k -d "$folder/spool" -n localhost -c "$folder/print.sh" \
    -f application/pdf,application/vnd.cups-raw "$2"
