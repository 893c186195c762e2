package templates

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestScriptWordsExistAndAreUsed compares what the scripts say with the catalogue.
func TestScriptWordsExistAndAreUsed(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	words, used := c.ScriptWords(), map[string]bool{}
	call := regexp.MustCompile(`\b(?:word|button)\(([^)]*)`)
	name := regexp.MustCompile(`'([a-z]+)'`)
	files, err := filepath.Glob("../static/js/*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range call.FindAllSubmatch(src, -1) {
			for _, m := range name.FindAllSubmatch(args[1], -1) {
				used[string(m[1])] = true
				if words[string(m[1])] == nil {
					t.Errorf("%s says %q, which has no words", file, m[1])
				}
			}
		}
	}
	for key := range words {
		if !used[key] {
			t.Errorf("no script says %q", key)
		}
	}
}

func TestScriptWordsKeepTheirForms(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	left, _ := c.ScriptWords()["left"].(map[string]string)
	if left["one"] != "{n} character left" || left["other"] != "{n} characters left" || len(left) != 2 {
		t.Errorf("got %q", left)
	}
}

// TestPartsAreParts renders what scripts get for small actions.
func TestPartsAreParts(t *testing.T) {
	s, frame := newTestSet(t), testFrame(true)
	for _, post := range samplePosts() {
		for _, focus := range []bool{false, true} {
			doc := renderString(t, s, PostPart{Frame: frame, Post: post, Focus: focus})
			checkBalance(t, doc)
			if !regexp.MustCompile(`^<article class="[a-z ]*post`).MatchString(doc) {
				t.Errorf("post %d: got %.60s", post.ID, doc)
			}
		}
	}
	for _, person := range samplePeople() {
		checkBalance(t, renderString(t, s, FollowPart{Frame: frame, Person: person}))
	}
}
