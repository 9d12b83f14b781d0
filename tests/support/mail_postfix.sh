#!/usr/bin/env bash
# A private Postfix on 127.0.0.1, apart from the machine's own: configuration, queue, data and log are under
# DIR. Needs root, as Postfix does.
#
#   mail_postfix.sh start DIR PORT     DIR holds server.pem and server.key
#   mail_postfix.sh stop  DIR
#
# It takes mail for reader-*@example.test into the Maildir DIR/mail, up to 100 000 bytes a message, and
# speaks STARTTLS.
set -euo pipefail

action=$1
dir=$(cd "$2" && pwd)

if [ "$action" = stop ]; then
  postfix -c "$dir/etc" stop > /dev/null 2>&1 || postfix -c "$dir/etc" abort > /dev/null 2>&1
  exit
fi
port=$3

if [ ! -e "$dir/etc/main.cf" ]; then
  chmod 755 "$dir"
  mkdir -p "$dir/etc" "$dir/queue" "$dir/data" "$dir/mail"
  chown postfix "$dir/data"
  chown nobody "$dir/mail"
  cat > "$dir/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/log
maillog_file_prefixes = $dir
syslog_name = postfix-test
myhostname = mail.example.test
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = error:this server sends nothing on
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/server.pem
smtpd_tls_key_file = $dir/server.key
smtpd_tls_received_header = yes
smtputf8_enable = yes
message_size_limit = 100000
virtual_mailbox_limit = 0
virtual_mailbox_domains = example.test
virtual_mailbox_base = $dir
virtual_mailbox_maps = regexp:$dir/etc/readers
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
END
  echo '/^reader-.*@example\.test$/ mail/' > "$dir/etc/readers"
  cat > "$dir/etc/master.cf" <<END
127.0.0.1:$port inet n - n - 100 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
END
fi
postfix -c "$dir/etc" start > "$dir/start.log" 2>&1 || { cat "$dir/start.log" >&2; exit 1; }
