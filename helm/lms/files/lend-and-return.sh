#!/bin/sh
# Signs in at LMS_URL as the administrator of the files username and password in LMS_CREDENTIALS, makes a librarian for the moment,
# lends a book and takes it back. What it leaves: the book 9790000000001, the reader helm-test@example.org, a returned lending, and
# a librarian who cannot sign in.
set -eu

answer=$(mktemp)
headers=$(mktemp)

# METHOD PATH [BODY]: the status; the body is in $answer, what came before it in $headers.
ask() {
    method=$1 path=$2
    shift 2
    curl -sS -m 30 -X "$method" "$LMS_URL$path" -o "$answer" -D "$headers" -w '%{http_code}' \
        -H "Authorization: Bearer ${TOKEN:-}" -H "Idempotency-Key: $run-$method-$path" \
        ${1:+-H 'Content-Type: application/json' --data "$1"}
}

# STATUSES WHAT ASKED...: what was asked is answered by one of the statuses. Pods that have just started may say 503: then it is asked
# again under the same key, as the answer says, and done once.
expect() {
    statuses=$1 what=$2
    shift 2
    status=$(ask "$@")
    repeats=0
    while [ "$status" = 503 ] && [ "$repeats" -lt 10 ]; do
        echo "$what: 503, asked again"
        sleep 1
        repeats=$((repeats + 1))
        status=$(ask "$@")
    done
    case " $statuses " in
        *" $status "*) echo "$what: $status" ;;
        *) echo "$what: $status instead of $statuses"; cat "$answer"; exit 1 ;;
    esac
}

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$answer" | head -n 1; }
token() { sed -n 's/^[Aa]uthorization: *//p' "$headers" | tr -d '\r'; }
sign_in() {
    TOKEN=
    expect 200 "signed in as $1" POST /api/public/login "{\"username\":\"$1\",\"password\":\"$2\"}"
    TOKEN=$(token)
}

run=$(date +%s)-$$
secret="Aa1!$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')"

sign_in "$(cat "$LMS_CREDENTIALS/username")" "$(cat "$LMS_CREDENTIALS/password")"
administrator=$TOKEN
librarian="helm-test-$run@example.org"
expect 200 'librarian made' POST /api/admin/users \
    "{\"username\":\"$librarian\",\"password\":\"$secret\",\"name\":\"Helm Test\",\"role\":\"LIBRARIAN\"}"
id=$(field id)

sign_in "$librarian" "$secret"
expect '201 409' 'book' POST /api/books/complete \
    '{"isbn":"9790000000001","title":"Helm test","genre":"Test","authors":[{"name":"Helm Test","bio":"Tests."}]}'
expect 200 'book read' GET /api/books/9790000000001
expect 201 'copy' POST /api/books/9790000000001/copies "{\"barcode\":\"HT$run\"}"
expect '201 409' 'reader' POST /api/readers \
    "{\"username\":\"helm-test@example.org\",\"password\":\"$secret\",\"fullName\":\"Helm Test\",\"birthDate\":\"1990-01-01\",\"phoneNumber\":\"900000000\",\"gdpr\":true}"
number=$(field readerNumber)
tries=0
while [ -z "$number" ]; do
    [ "$tries" -lt 20 ] || { echo 'the reader is not found'; exit 1; }
    [ "$(ask POST /api/readers/search '{"query":{"email":"helm-test@example.org"}}')" = 200 ] && number=$(field readerNumber) || sleep 1
    tries=$((tries + 1))
done

expect 201 'lent' POST /api/lendings "{\"isbn\":\"9790000000001\",\"readerNumber\":\"$number\",\"barcode\":\"HT$run\"}"
lending=$(field lendingNumber)
expect 200 'returned' POST /api/returns "{\"barcode\":\"HT$run\"}"
expect 200 'lending read' GET "/api/lendings/$lending"
[ "$(field returnedDate)" != null ] || { echo 'the lending is still open'; exit 1; }
expect '200 204' 'copy withdrawn' DELETE "/api/copies/HT$run"

TOKEN=$administrator
expect '200 204' 'librarian disabled' DELETE "/api/admin/users/$id"
echo 'A book was lent and returned.'
