package server_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rowsDir holds payloads that we wrote, one for each row of the index of the
// captured ones and under the same name, so that every row is played where
// those are absent. The INDEX files name each with its kind and what a member
// then sees.
const rowsDir = "testdata/rows"

// rowsOf reads the INDEX files: the kind of each payload by its file.
func rowsOf(t *testing.T) map[string]string {
	t.Helper()
	indexes, err := filepath.Glob(filepath.Join(rowsDir, "INDEX-*.tsv"))
	if err != nil || len(indexes) == 0 {
		t.Fatalf("no index: %v", err)
	}
	rows := map[string]string{}
	for _, index := range indexes {
		text, err := os.ReadFile(index)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			columns := strings.Split(strings.TrimSpace(line), "\t")
			if len(columns) != 3 || rows[columns[0]] != "" {
				t.Fatalf("%s: not a file, its kind and what is seen, or there twice: %q", index, line)
			}
			rows[columns[0]] = columns[1]
		}
	}
	return rows
}

// TestRows plays them all on one running server.
func TestRows(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t)
	s := newStage(t)
	for file, kind := range rows {
		if kind == "actor" {
			doc := readDocument(t, filepath.Join(rowsDir, file))
			s.shapes[doc.text("id")] = doc
		}
	}
	expected := rowExpectations()
	for file := range expected {
		if rows[file] == "" {
			t.Errorf("the table names %s, which is in no index", file)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(rows)) {
		t.Run(strings.TrimSuffix(file, ".json"), func(t *testing.T) {
			s.play(t, rows[file], readDocument(t, filepath.Join(rowsDir, file)), expected[file])
		})
	}
}

// rowExpectations are the three tables as one.
func rowExpectations() map[string]expectation {
	all := maps.Clone(rowsA)
	maps.Copy(all, rowsB)
	maps.Copy(all, rowsC)
	return all
}

// TestEveryRowIsPlayed: no row of the captured payloads lacks one of ours.
func TestEveryRowIsPlayed(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile(filepath.Join(fixturesDir, "INDEX.tsv"))
	if os.IsNotExist(err) {
		t.Skip("the payloads of other systems are not beside this repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t)
	var missing []string
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		columns := strings.Split(line, "\t")
		if !slices.Contains([]string{"webfinger", "nodeinfo", "collection"}, columns[2]) && rows[columns[0]] == "" {
			missing = append(missing, columns[0])
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d rows without a payload of ours: %s", len(missing), strings.Join(missing, ", "))
	}
}
