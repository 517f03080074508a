#!/bin/sh
# supervise.sh DIRECTORY COMMAND...: runs the command, and kills all of it when stdin ends. Stdin is a pipe from the spec's
# process, so a worker that dies without a word, as by SIGKILL, leaves no daemon and no directory behind.
directory=$1
shift
exec 3<&0
# vsftpd complains of its configuration on descriptor 0.
"$@" 3<&- 0<&1 &
server=$!
{
  cat <&3 >/dev/null
  rm -rf -- "$directory"
  kill -KILL "-$server" 2>/dev/null
  kill -KILL 0
} &
wait "$server"
code=$?
trap '' TERM
kill -TERM 0
exit "$code"
