package vocab

import (
	"encoding/json"
	"testing"
)

// BenchmarkReadCreate is the work for an inbound post of 3 kB: the budget is
// 40 µs. BenchmarkEncodingJSON is the raw baseline beside it: the same bytes into
// a map, with no checks for duplicates and nothing read out of it.
func BenchmarkReadCreate(b *testing.B) {
	body := readTestdata(b, "create-note.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		v, err := Parse(body)
		if err != nil {
			b.Fatal(err)
		}
		a, err := v.Activity()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Object.Embedded.Object(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	body := readTestdata(b, "create-note.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodingJSON(b *testing.B) {
	body := readTestdata(b, "create-note.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var m map[string]any
		if err := json.Unmarshal(body, &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadActor(b *testing.B) {
	body := readTestdata(b, "actor.json")
	b.ReportAllocs()
	for b.Loop() {
		v, err := Parse(body)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := v.Actor(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWriteActor has a budget of 80 µs.
func BenchmarkWriteActor(b *testing.B) {
	d := almaDoc()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.JSON(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteCreate(b *testing.B) {
	e, d := Envelope{ID: postID + "/activity", Actor: almaID}, noteDoc()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Create(e, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteWebFinger(b *testing.B) {
	d := WebFingerDoc{Subject: "acct:alma@a.example", Self: almaID, ProfilePage: "https://a.example/@alma"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := WebFingerJSON(d); err != nil {
			b.Fatal(err)
		}
	}
}
