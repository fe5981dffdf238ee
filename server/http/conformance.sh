#!/bin/sh
# Checks the client API and the admin port of a running node with nothing but curl, one line a check, and counts.
#
#   sh server/http/conformance.sh http://127.0.0.1:7100          a node of a healthy cluster of three or more
#   sh server/http/conformance.sh http://127.0.0.1:7100 alone    the same, when all its peers are down
#   sh server/http/conformance.sh http://127.0.0.1:7100 hung     the same, when its peers take connections and say nothing
#   sh server/http/conformance.sh http://127.0.0.1:7100 full     a node that has as many requests as it takes
#   sh server/http/conformance.sh http://127.0.0.1:7100 admin http://127.0.0.1:7109
#                                                                a node of four or more, and its admin port
#
# Ends with 1 when a check failed, 64 when it was called wrongly. Writes below the bucket `conformance`, under keys
# of its own; the admin checks let the last member by name leave, take that back, and drain the node for a moment. Not
# checked, since no call can bring them about at will: read-only, internal, not-a-member, context-unmet, and too-slow.
set -u

base=${1:-}
mode=${2:-healthy}
admin=${3:-}
usage='Usage: conformance.sh http://host:port [healthy | alone | hung | full | admin http://host:port]'
case "$base $mode $admin" in
  'http://'*' healthy ' | 'http://'*' alone ' | 'http://'*' hung ' | 'http://'*' full ' | 'http://'*' admin http://'*) ;;
  *) echo "$usage" >&2; exit 64 ;;
esac

work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
run=$$-$(date +%s)
item="$base/v1/conformance/$run"
checks=0
failures=0

# call <curl arguments>: fills $work/head and $work/body, sets status.
call() {
  status=$(curl -s -g --path-as-is -m 70 -D "$work/head" -o "$work/body" -w '%{http_code}' "$@") || status=000
}

# call_until <status> <curl arguments>: again and again, at most 30 times, as long as anybody answers.
call_until() {
  wanted=$1
  shift
  tries=0
  call "$@"
  while [ "$status" != "$wanted" ] && [ "$status" != 000 ] && [ "$tries" -lt 30 ]; do
    tries=$((tries + 1))
    sleep 1
    call "$@"
  done
}

# call_for <status> <curl arguments>: 429 says that nothing was done, so who expects something else comes again.
call_for() {
  hoped=$1
  shift
  tries=0
  call "$@"
  while [ "$status" = 429 ] && [ "$hoped" != 429 ] && [ "$tries" -lt 30 ]; do
    tries=$((tries + 1))
    sleep 1
    call "$@"
  done
}

header() { tr -d '\r' <"$work/head" | sed -n "s/^$1: //Ip" | head -n 1; }

# judge <name> <status> <pattern of the body, or empty>: of the last answer.
judge() {
  checks=$((checks + 1))
  if [ "$status" = "$2" ] && { [ -z "$3" ] || grep -q -e "$3" "$work/body"; }; then
    echo "ok       $1"
  else
    failures=$((failures + 1))
    echo "FAILED   $1: status $status instead of $2, body: $(head -c 200 "$work/body")"
  fi
}

# check <name> <status> <pattern> <curl arguments>
check() {
  name=$1 expected=$2 pattern=$3
  shift 3
  call_for "$expected" "$@"
  judge "$name" "$expected" "$pattern"
}

# refused <name> <status> <error> <curl arguments>: a typed refusal that says that nothing happened.
refused() {
  name=$1 code=$2 error=$3
  shift 3
  check "$name" "$code" "^{\"error\":\"$error\",\"outcome\":\"none\",\"detail\":\".*\\.\"" "$@"
}

# has <name> <header>: the last answer carried it.
has() {
  checks=$((checks + 1))
  if [ -n "$(header "$2")" ]; then echo "ok       $1"; else failures=$((failures + 1)); echo "FAILED   $1: no $2"; fi
}

# same <name> <a> <b>
same() {
  checks=$((checks + 1))
  if [ "$2" = "$3" ]; then echo "ok       $1"; else failures=$((failures + 1)); echo "FAILED   $1: $2 is not $3"; fi
}

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" -eq 0 ]
  exit $?
}

if [ "$mode" = alone ]; then
  check "a node alone answers for itself" 200 '"phase":"serving"' "$base/v1/health"
  # Until the node has noticed who is gone, it may wait for them instead.
  call_until 503 "$item?r=2"
  judge "a read of two replicas is refused" 503 '^{"error":"quorum-unmet","outcome":"none","detail":".*\."'
  judge "what was needed and had is said" 503 '"needed":2,"had":'
  call_until 503 -X PUT -d v "$item?w=2"
  judge "a write of two replicas is refused" 503 '"error":"quorum-unmet"'
  finish
fi

if [ "$mode" = hung ]; then
  check "a node whose peers are silent answers for itself" 404 '"siblings":\[\]' "$item?r=1"
  call_until 504 "$item?r=2&timeout=300"
  judge "a read that cannot be over in time" 504 '^{"error":"timeout","outcome":"none","detail":".*\."'
  call_for 504 -X PUT -d v "$item-w?w=2&timeout=300"
  # Who has given up the connections by now is told sooner, and in other words.
  [ "$status" = 503 ] && status=504
  judge "a write that nobody confirms may have happened" 504 '"outcome":"unknown","detail":".*\."'
  finish
fi

if [ "$mode" = full ]; then
  refused "a read more than it takes at once" 429 overloaded "$item?r=1"
  has "is told when to come again" retry-after
  refused "and so is a write" 429 overloaded -X PUT -d v "$item?w=1"
  refused "and a delete" 429 overloaded -X DELETE "$item?force"
  check "health is told all the same" 200 '"phase":"serving"' "$base/v1/health"
  finish
fi

if [ "$mode" = admin ]; then
  order="$admin/admin"
  call "$order/members"
  last=$(tr '{' '\n' <"$work/body" | sed -n 's/^"nodeId":"\([^"]*\)".*/\1/p' | sort | tail -n 1)
  check "the members" 200 '^\[{"nodeId":"' "$order/members"
  check "their history" 200 '^\[{"nodeId":"' "$order/history"
  check "the strangers" 200 '^\[' "$order/strangers"
  check "the description of all this" 200 '"openapi":"3.1.0"' "$order/openapi.json"
  check "a plan says what would move" 200 '"moves":\[{"partition":' "$order/plan/leave?node=$last"
  check "and moves nothing" 200 '"wantedCount":0,"dueCount":0,"outgoingCount":0' "$order/transfer"
  refused "a plan of what would be refused" 409 order-refused "$order/plan/join?node=$last"
  for what in join leave remove replace cancel; do
    refused "a $what of nobody" 409 order-refused -X POST "$order/$what?node=nobody"
    refused "a $what without a name" 400 bad-request -X POST "$order/$what"
  done
  check "transfers are paused" 200 '^{"isPaused":true' -X POST "$order/transfer/pause"
  check "a leave is taken" 200 '"state":"leaving"' -X POST "$order/leave?node=$last"
  refused "and not twice" 409 order-refused -X POST "$order/leave?node=$last"
  check "and is taken back" 200 '"state":"valid"' -X POST "$order/cancel?node=$last"
  check "transfers go on" 200 '^{"isPaused":false' -X POST "$order/transfer/resume"
  check "handoff is paused" 200 '^{"isPaused":true' -X POST "$order/handoff/pause"
  check "and looked at" 200 '^{"isPaused":true,"hintCount":0' "$order/handoff"
  check "and goes on" 200 '^{"isPaused":false' -X POST "$order/handoff/resume"
  check "a key is put" 200 '' -X PUT -d v "$item"
  check "and repaired at all its homes" 200 '^{"isWhole":true,"homes":\[{"nodeId":"' -X POST "$order/repair?bucket=conformance&key=$run"
  refused "a repair of nothing" 400 bad-request -X POST "$order/repair"
  refused "a repair of two things" 400 bad-request -X POST "$order/repair?partition=0&bucket=b&key=k"
  refused "a repair of no partition" 400 bad-request -X POST "$order/repair?partition=4095"
  check "nothing is drained" 200 '^{"isDraining":false,"mayStop":false' "$order/drain"
  check "the node is drained" 200 '^{"isDraining":true,"mayStop":true' -X POST "$order/drain?timeout=9000"
  refused "and takes no read" 503 shutting-down "$item"
  refused "nor a write" 503 shutting-down -X PUT -d v "$item"
  check "nor calls itself well" 503 '"phase":"draining"' "$base/v1/health"
  check "the drain is taken back" 200 '^{"isDraining":false' -X POST "$order/drain/cancel"
  check "and reads are taken again" 200 '^v$' "$item"
  refused "an unknown parameter of an order" 400 bad-request -X POST "$order/leave?who=$last"
  refused "a capacity of nothing" 400 bad-request -X POST "$order/join?node=x&capacity=0"
  refused "another host at the admin port" 400 bad-request -H 'host: example.org' "$order/members"
  refused "no such order" 404 no-such-route -X POST "$order/reboot"
  refused "an order that is only looked at" 405 method-not-allowed "$order/leave?node=$last"
  same "those it has are named" "$(header allow)" POST
  refused "client calls at the admin port" 404 no-such-route "$admin/v1/health"
  refused "admin calls at the client port" 404 no-such-route "$base/admin/members"
  finish
fi

check "an absent key has no value, and a context" 404 '"siblings":\[\]' "$item"
has "a 404 carries a context" tipcart-context
check "a blind put is acknowledged" 200 '"acknowledgements":\[{"node":' -X PUT --data-binary 'one' "$item"
has "a put tells the context" tipcart-context
has "a put tells the write id" tipcart-write-id
has "a put tells the coordinator" tipcart-coordinator
check "a get gives the bytes" 200 '^one$' "$item"
context=$(header tipcart-context)
has "a get tells the write id of its value" tipcart-write-id
same "a value is bytes to whoever reads it" "$(header content-type)" application/octet-stream
check "a get gives JSON to who accepts it" 200 '"value":"b25l"' -H 'accept: application/json' "$item"
check "r, pr, n and timeout are taken" 200 '^one$' "$item?r=1&pr=1&n=1&timeout=9000"
check "a min-context that is covered is met" 200 '^one$' "$item?min-context=$context"
check "a second blind put is concurrent" 200 '' -X PUT --data-binary 'two' -H "tipcart-write-id: $run-2" "$item"
same "the write id is the writer's" "$(header tipcart-write-id)" "$run-2"
dot=$(sed 's/.*"dot":"\([^"]*\)".*/\1/' "$work/body")
check "the same write id is the same write" 200 "\"dot\":\"$dot\"" -X PUT --data-binary 'two' -H "tipcart-write-id: $run-2" "$item"
check "concurrent values come together" 300 '"value":"b25l".*"value":"dHdv"\|"value":"dHdv".*"value":"b25l"' "$item"
context=$(header tipcart-context)
check "a put with their context replaces both" 200 '' -X PUT --data-binary 'three' -H "tipcart-context: $context" "$item"
check "and is the only value" 200 '^three$' "$item"
context=$(header tipcart-context)
check "w, pw, dw, n and timeout are taken" 200 '' -X PUT -d v "$item-quorum?w=1&pw=1&dw=0&n=3&timeout=9000"
check "a delete with a context removes what it saw" 200 '"writeId":' -X DELETE -H "tipcart-context: $context" "$item"
check "a deleted key shows its tombstone" 404 '"tombstones":\["' "$item"
check "a put after the delete" 200 '' -X PUT -d again "$item"
check "a forced delete removes what a read finds" 200 '' -X DELETE "$item?force"
check "and the key is gone" 404 '"siblings":\[\]' "$item"

check "a key may have slashes" 200 '' -X PUT -d slashes "$item/a//b"
check "which may be percent-encoded" 200 '^slashes$' "$item%2Fa%2F%2Fb"
for word in __proto__ constructor toString '%00' '%F0%9F%9B%92' '%22%5C'; do
  check "the key $word is one like any other" 200 '' -X PUT --data-binary "value of $word" "$item/$word"
  check "and gives back its value" 200 "^value of $word\$" "$item/$word"
done
check "a bucket may be called __proto__" 200 '' -X PUT -d proto "$base/v1/__proto__/$run"
check "and keeps its keys" 200 '^proto$' "$base/v1/__proto__/$run"
printf '\000\001\377' >"$work/bytes"
check "any bytes are a value" 200 '' -X PUT --data-binary "@$work/bytes" "$item-bytes"
call "$item-bytes"
same "and come back as they were" "$(od -An -tx1 <"$work/body" | tr -d ' \n')" 0001ff
: >"$work/empty"
check "no bytes are a value, too" 200 '' -X PUT --data-binary "@$work/empty" -H 'content-length: 0' "$item-empty"
check "and come back" 200 '' "$item-empty"

refused "an unknown parameter" 400 bad-request "$item?colour=red"
refused "a parameter given twice" 400 bad-request "$item?r=1&r=1"
refused "a parameter that is no number" 400 bad-request "$item?r=two"
refused "more replicas than there are" 400 bad-request "$item?r=1000"
refused "no time at all" 400 bad-request "$item?timeout=0"
refused "an empty bucket" 400 bad-request "$base/v1//key"
refused "an empty key" 400 bad-request "$base/v1/bucket/"
refused "a bad percent-encoding" 400 bad-request "$base/v1/bucket/%zz"
refused "what is no UTF-8" 400 bad-request "$base/v1/bucket/%ff"
refused "a key that is too long" 400 bad-request "$base/v1/bucket/$(head -c 1100 /dev/zero | tr '\0' k)"
refused "the reserved bucket" 400 bad-request -X PUT -d v "$base/v1/preference/key"
refused "a write id that is too long" 400 bad-request -X PUT -d v -H "tipcart-write-id: $(head -c 129 /dev/zero | tr '\0' w)" "$item"
refused "a delete of the unseen" 400 bad-request -X DELETE "$item"
refused "another host" 400 bad-request -H 'host: example.org' "$item"
refused "headers that are too long" 431 headers-too-large -H "x: $(head -c 20000 /dev/zero | tr '\0' x)" "$item"
refused "a part of a value" 400 bad-request -X PUT -d v -H 'content-range: bytes 0-0/2' "$item"
refused "a write if nobody has written" 412 precondition -X PUT -d v -H 'if-none-match: *' "$item"
refused "a delete of one version" 412 precondition -X DELETE -H 'if-match: "1"' "$item?force"
refused "a compressed value" 415 encoded-body -X PUT -d v -H 'content-encoding: gzip' "$item"
refused "a path that is too long" 431 headers-too-large "$base/v1/bucket/$(head -c 20000 /dev/zero | tr '\0' k)"
refused "a context that is none" 400 bad-context -X PUT -d v -H 'tipcart-context: AAAA' "$item"
refused "a context of another key" 400 bad-context -X PUT -d v -H "tipcart-context: $context" "$item-other"
refused "a min-context of another key" 400 bad-context "$item-other?min-context=$context"
refused "a value that is too large" 413 too-large -X PUT --data-binary @- "$item" <<EOF
$(head -c 1048577 /dev/zero | tr '\0' v)
EOF
refused "no such path" 404 no-such-route "$base/v2/bucket/key"
refused "no such method" 405 method-not-allowed -X PATCH "$item"
same "those there are are named" "$(header allow)" 'GET, PUT, DELETE'

many="$item-many"
targets=
count=0
while [ "$count" -lt 100 ]; do
  targets="$targets $many"
  count=$((count + 1))
done
# shellcheck disable=SC2086 # one word a target is meant
curl -s -m 60 -o /dev/null -X PUT -d v $targets 2>/dev/null >"$work/many"
call_until 413 -X PUT -d v "$many"
judge "one sibling too many" 413 '^{"error":"too-many-siblings","outcome":"none"'
check "a write that merges is taken all the same" 200 '' -X DELETE "$many?force"

check "the preference list of a key" 200 '"homes":\["' "$base/v1/preference/conformance/$run"
check "the ring" 200 '"partitionCount":' "$base/v1/ring"
check "health" 200 '"phase":"serving"' "$base/v1/health"
check "metrics" 200 '^tipcart_events_total{event="' "$base/metrics"
check "the description of all this" 200 '"openapi":"3.1.0"' "$base/v1/openapi.json"
finish
