// Package migrations holds the numbered SQL that makes and changes the schema:
// 0001_init.sql is user_version 1, and so on. A released file is never edited.
package migrations

import "embed"

// Files are the migrations, named NNNN_subject.sql.
//
//go:embed *.sql
var Files embed.FS
