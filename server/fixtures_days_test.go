package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// TestDays plays what somebody does in a day on each of some systems: an actor,
// and then all that they send, in the shapes of their system. Every step takes
// effect on the pages of our member, whose post stands in them as
// https://here.example/ap/posts/ours.
func TestDays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/days/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no days: %v", err)
	}
	s := newStage(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			s.mira.t, s.noor.t = t, t
			c := &scene{stage: s, T: t, peers: map[string]*fedtest.Server{}, actors: map[string]*fedtest.Actor{},
				names: map[string]bool{}, hosts: map[string]string{}, shape: map[string]document{}}
			t.Cleanup(c.tell)
			day := c.readDay(file)
			c.shape[day[0].text("id")] = day[0]
			by := c.actor(day[0].text("id"))
			for _, activity := range day[1:] {
				if activity.id("object") == by.ID && activity.text("type") == "Update" {
					by.Change(map[string]any{"name": activity.object()["name"]}) // its document says so too
				}
				c.deliver(by, activity, http.StatusAccepted)
				c.tookEffect(by, activity)
			}
		})
	}
}

func (c *scene) readDay(file string) (day []document) {
	c.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		c.Fatal(err)
	}
	raw = []byte(strings.ReplaceAll(string(raw), "https://here.example/ap/posts/ours", c.postURI()))
	if err := json.Unmarshal(raw, &day); err != nil {
		c.Fatalf("%s: %v", file, err)
	}
	return day
}

// tookEffect looks for what an activity must have changed.
func (c *scene) tookEffect(by *fedtest.Actor, act document) {
	c.Helper()
	o := act.object()
	switch act.text("type") {
	case "Create":
		c.shows(c.finds(o.text("id")).path, c.firstWords(o), o.text("name"))
	case "Update":
		if o.text("id") == by.ID {
			c.shows(c.finds(by.ID).path, o.text("name"))
			return
		}
		c.shows(c.finds(o.text("id")).path, c.firstWords(o), "edited")
	case "Like":
		if emoji := act.text("content"); emoji != "" {
			c.shows(c.postPath(), emoji)
			return
		}
		c.shows(c.postPath()+"/favourites", by.Handle)
	case "Announce":
		c.shows(c.postPath()+"/boosts", by.Handle)
	case "Undo":
		if emoji := o.text("content"); emoji != "" {
			c.showsNot(c.postPath(), emoji)
			return
		}
		c.showsNot(c.postPath()+"/favourites", by.Handle)
	case "Delete":
		p := c.look(act.id("object"))
		if p.status == http.StatusOK && strings.HasPrefix(p.path, "/@") {
			c.Errorf("%s is found after its Delete, at %s", act.id("object"), p.path)
		}
	default:
		c.Errorf("nothing is known of %s", act.text("type"))
	}
}
