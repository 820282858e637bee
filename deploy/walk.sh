#!/bin/sh
# From a token to a submitted application, its receipt, and the feed that shows it: curl, and Python to read JSON.
# FUND_API is the address of the service; TOKEN one of the coordinating city's officer, PARTNER one of its partner's.
set -eu
api=$FUND_API/api/v1

get() { curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" "$api$1"; }
# $1 method, $2 address, $3 body; further words are given to curl. Every request has a key of its own: sent again with
# the same key it counts once.
send() {
  method=$1 address=$2 body=$3; shift 3
  curl -sS --fail-with-body -X "$method" "$api$address" -H "Authorization: Bearer $TOKEN" \
    -H "Idempotency-Key: $(python3 -c 'import uuid; print(uuid.uuid4())')" \
    -H "Content-Type: application/json" -d "$body" "$@"
}
read_json() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

# 1. Who am I, and for which partnership and call?
get /me | read_json '"I am", it["label"]'
partnership=$(get /partnerships | read_json 'it[0]["id"]')
call=$(get "/partnerships/$partnership" | read_json 'it["call_id"]')

# 2. A pilot action. A dry run tells what would follow and records nothing; the answer then says where it is.
proposal='{"partnership_id": "'$partnership'", "line": "pilot_action", "title": "Cool schoolyards"}'
send POST "/pilot-actions?dry_run=true" "$proposal" | read_json '"It would be said:", it["events"][0]["sentence"]'
action=$(send POST /pilot-actions "$proposal" -o /dev/null -D - | tr -d '\r' | sed -n 's|^[Ll]ocation: /api/v1||p')

# 3. Every section of the form, each on the version that was seen: 0 is one that nobody has written yet.
for section in $(get "/calls/$call" | read_json '*(one["id"] for one in it["rules"]["form"])'); do
  answers=$(get "/calls/$call" | SECTION=$section python3 -c '
import json, os, sys
form = json.load(sys.stdin)["rules"]["form"]
questions = next(one["questions"] for one in form if one["id"] == os.environ["SECTION"])
body = {"answers": {one["id"]: "Two schoolyards in one summer." for one in questions if one["kind"] == "text"}}
if any(one["kind"] == "resources" for one in questions):
    body["resources"] = [{"kind": "expert_days", "quantity": 10, "unit_cents": 60000, "why": "To plan the planting."}]
print(json.dumps(body))')
  send PUT "$action/draft/sections/$section" "$answers" -H 'If-Match: "v0"' -o /dev/null
done

# 4. The draft is put forward as a version, and the partner abroad confirms what its digest names.
seen=$(get "$action" | read_json '"\"v%d\"" % it["version"]')
send POST "$action/versions" '' -H "If-Match: $seen" -o /dev/null
digest=$(get "$action" | read_json 'it["versions"][-1]["digest"]')
(
  TOKEN=$PARTNER
  member=$(get /me | read_json 'it["organisation_id"]')
  send POST "$action/members/$member/confirmations" '{"digest": "'"$digest"'"}' -o /dev/null
)

# 5. Submitted, with every declaration on honour; Fund-Position is where the log shows it.
declared=$(get "/calls/$call" | read_json 'json.dumps([one["id"] for one in it["rules"]["declarations"]])')
position=$(send POST "$action/submissions" '{"digest": "'"$digest"'", "declarations": '"$declared"'}' \
  -o /dev/null -D - | tr -d '\r' | sed -n 's/^[Ff]und-[Pp]osition: //p')

# 6. The receipt, as soon as the screens have come so far, and the event in the feed.
curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" -H "Fund-Position: $position" "$api$action/receipt"
echo
get "/events?after=$((position - 20))" | read_json '*(one["data"]["sentence"] for one in it), sep="\n"'
