package actor_test

import "testing"

// A known account whose handle moves to another domain gets it when that domain
// agrees, by WebFinger or by its own word (FEP-2c59); the old handle leads to it.
func TestKnownAccountGetsANewHandle(t *testing.T) {
	w := newWorld(t)
	social, domain := w.net.Server("social.org.example"), w.net.Server("org.example")
	bob, cleo, dora := social.Actor("bob"), social.Actor("cleo"), social.Actor("dora")
	for _, id := range []string{bob.ID, cleo.ID, dora.ID} {
		_, err := w.r.ByURI(ctx, id)
		w.must(err)
	}
	refreshed := func(id, want, why string) {
		t.Helper()
		a, err := w.r.ByURI(ctx, id)
		w.must(err)
		if a, err = w.r.Refresh(ctx, a); err != nil || a.Acct() != want {
			t.Errorf("%s: %v, %v; want %s", why, a, err, want)
		}
	}
	cleo.Change(map[string]any{"webfinger": "cleo@org.example"})
	dora.Change(map[string]any{"webfinger": "dora@org.example"})
	refreshed(dora.ID, "dora@social.org.example", "a domain that does not agree")
	for _, name := range []string{"bob", "cleo"} {
		id := map[string]string{"bob": bob.ID, "cleo": cleo.ID}[name]
		social.Handle("/.well-known/webfinger?resource=acct%3A"+name+"%40social.org.example", jrd("acct:"+name+"@org.example", id), "application/jrd+json")
		domain.Handle("/.well-known/webfinger?resource=acct%3A"+name+"%40org.example", jrd("acct:"+name+"@org.example", id), "application/jrd+json")
	}
	refreshed(bob.ID, "bob@org.example", "WebFinger names another domain")
	refreshed(cleo.ID, "cleo@org.example", "the actor names another domain")
	refreshed(bob.ID, "bob@org.example", "again")
	cleo.Change(map[string]any{"webfinger": "cleo@elsewhere.example"})
	refreshed(cleo.ID, "cleo@org.example", "a domain that is not there")
	for _, text := range []string{"@bob@social.org.example", "@Bob@org.example"} {
		if a, err := w.r.ByHandle(ctx, handle(text)); err != nil || a.URI != bob.ID {
			t.Errorf("%s leads to %v, %v; want bob", text, a, err)
		}
	}
}
