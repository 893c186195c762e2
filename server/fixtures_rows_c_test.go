package server_test

// rowsC says what the payloads of INDEX-c.tsv lead to beside what they say themselves.
var rowsC = map[string]expectation{}
