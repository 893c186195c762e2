package server_test

// rowsA says what the payloads of INDEX-a.tsv lead to beside what they say themselves.
var rowsA = map[string]expectation{}
