package server_test

// rowsB says what the payloads of INDEX-b.tsv lead to beside what they say themselves.
var rowsB = map[string]expectation{}
