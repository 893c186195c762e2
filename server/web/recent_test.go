package web

import (
	"strconv"
	"testing"
	"time"
)

func TestRecentKeysAreApart(t *testing.T) {
	m := newRecent(time.Minute)
	now := time.Unix(1_700_000_000, 0)
	for i := range 2 * maxRecent {
		if wait := m.take(strconv.Itoa(i), now); wait != 0 {
			t.Fatalf("key %d was never taken, and is to wait %v", i, wait)
		}
	}
	if len(m.until) > maxRecent || len(m.order) != len(m.until) {
		t.Errorf("%d keys in order, %d remembered, at most %d allowed", len(m.order), len(m.until), maxRecent)
	}
	last := strconv.Itoa(2*maxRecent - 1)
	if m.take(last, now.Add(30*time.Second)) != 30*time.Second {
		t.Error("a key taken half a minute ago is free")
	}
	if m.take(last, now.Add(time.Minute)) != 0 {
		t.Error("a key is still taken after its time")
	}
	if m.take(last, now.Add(90*time.Second)) != 30*time.Second {
		t.Error("a key taken again is free")
	}
}
