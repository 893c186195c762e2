package actor

import (
	"testing"

	"seedling/federation/vocab"
)

func TestTemplatesAreFilledOnlyWithAddressesOfTheWeb(t *testing.T) {
	const uri = "https://a.example/@b?c=1&d"
	for template, want := range map[string]string{
		"https://h.example/i?uri={uri}":            "https://h.example/i?uri=https%3A%2F%2Fa.example%2F%40b%3Fc%3D1%26d",
		"https://h.example/i?o={object}&x=1":       "https://h.example/i?o=https%3A%2F%2Fa.example%2F%40b%3Fc%3D1%26d&x=1",
		"javascript:alert('{uri}')":                "",
		"//h.example/{uri}":                        "",
		"https://user:secret@h.example/?uri={uri}": "",
		"https:///x?uri={uri}":                     "",
		"":                                         "",
	} {
		if got := fill(template, uri); got != want {
			t.Errorf("fill(%q) = %q, want %q", template, got, want)
		}
	}
}

func TestWhoIsReadsHandlesAndServers(t *testing.T) {
	r := &Resolver{}
	for who, want := range map[string]string{
		"@me@home.example": "acct:me@home.example", "me@home.example": "acct:me@home.example", "acct:me@home.example": "acct:me@home.example",
		"home.example": "https://home.example/", " HTTPS://Home.example/ ": "https://home.example/", "localhost:8080": "https://localhost:8080/",
		"https://home.example/@me": "https://home.example/", "http://localhost:8080/users/me?x=1": "https://localhost:8080/", "https://": "", "https:///x": "", "ftp://home.example/": "",
		"me": "", "": "", "@": "", "home.example/path": "", "a b.example": "", "@a@b@c.example": "",
	} {
		_, resource, err := r.whoIs(who)
		if resource != want || (err == nil) != (want != "") {
			t.Errorf("whoIs(%q) = %q, %v, want %q", who, resource, err, want)
		}
	}
}

func TestIntentsComeBeforeTheOldTemplate(t *testing.T) {
	w, err := vocab.ReadWebFinger([]byte(`{"subject":"acct:me@home.example","links":[
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://home.example/old?uri={uri}"},
		{"rel":"https://w3id.org/fep/3b86/follow","href":"https://home.example/f?o={object}&s={on-success}"},
		{"rel":"https://w3id.org/fep/3b86/Like","template":"javascript:{object}"},
		{"rel":"https://w3id.org/fep/3b86/Dance","template":"https://home.example/d?o={object}"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for intent, want := range map[vocab.Intent]string{
		vocab.IntentFollow: "https://home.example/f?o={object}&s=", vocab.IntentLike: "https://home.example/old?uri={uri}", vocab.IntentObject: "https://home.example/old?uri={uri}",
	} {
		if got := w.TemplateFor(intent); got != want {
			t.Errorf("TemplateFor(%s) = %q, want %q", intent, got, want)
		}
	}
}
