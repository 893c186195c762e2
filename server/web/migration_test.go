package web

import (
	"context"
	"slices"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestMigrationPage(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	account := func() *store.Account {
		u, err := s.db.UserByName(t.Context(), "olga")
		if err != nil {
			t.Fatal(err)
		}
		return u.Account
	}
	there := storetest.Remote(t, s.db, "olga@there.example")
	s.user("fan", store.Member)
	fan := s.member("fan")
	s.ask = func(context.Context, string) (Found, error) {
		return Found{}, &LookupError{Step: LookupNoWebFinger, Host: "there.example", Name: "nobody"}
	}
	page := olga.get("/settings/migration").wants(200, "Moving your account", "@olga@")

	page.submit("/settings/migration/alias", "alias", "nonsense").problem("alias", "This is not a handle. It looks like @you@your.server")
	page.submit("/settings/migration/alias", "alias", "not a handle").problem("alias", "This is not a handle. It looks like @you@your.server")
	page.submit("/settings/migration/alias", "alias", "olga").problem("alias", "That is you.")
	page.submit("/settings/migration/alias", "alias", "@nobody@there.example").problem("alias", "there.example does not know anyone called nobody.")
	page = page.submit("/settings/migration/alias", "alias", "@olga@there.example").leadsTo("/settings/migration").wants(200, "@olga@there.example")
	if got := account().AlsoKnownAs; !slices.Equal(got, []string{there.URI}) {
		t.Errorf("aliases: got %v, want %s", got, there.URI)
	}
	page = page.submit("/settings/migration/alias/remove").leadsTo("/settings/migration").wants(200).lacks("@olga@there.example")

	fan.get("/@olga").press("/@olga/follow")
	move := func(password string) *screen {
		return page.submit("/settings/migration/move", "target", "@olga@there.example", "password", password)
	}
	move("wrong").problem("password", "This is not your password")
	move(storetest.Password).wants(422, "does not name @olga@")
	if got := account().MovedToURI; got != "" {
		t.Fatalf("moved without the other's alias to %s", got)
	}
	there.AlsoKnownAs = []string{account().URI}
	if err := s.db.SaveRemoteAccount(t.Context(), there); err != nil {
		t.Fatal(err)
	}
	page = move(storetest.Password).leadsTo("/settings/migration").wants(200, "You have moved", "@olga@there.example")
	jobs, err := s.db.ClaimJobs(t.Context(), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Kind == store.JobCarry {
			err = s.db.CarryFollowers(t.Context(), j.Payload)
		}
		if err != nil {
			t.Error(err)
		}
	}
	fan.get("/notifications").wants(200, "olga has moved")
	s.person().get("/@olga").wants(200, "This account has moved to", "@olga@there.example", "To the new account")
	fan.get("/@olga").wants(200, "To the new account")
	fan.get("/@olga@there.example").wants(200, "Requested")
	move(storetest.Password).wants(422, "You moved a short while ago")

	page.press("/settings/migration/return").leadsTo("/settings/migration").wants(200).lacks("You have moved")
	s.person().get("/@olga").wants(200).lacks("has moved")
}

func TestProfileSaysHowTheAccountStands(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	save := func(a *store.Account) {
		if err := s.db.SaveRemoteAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	late, eve, bob := storetest.Remote(t, s.db, "late@there.example"), storetest.Remote(t, s.db, "eve@there.example"), storetest.Remote(t, s.db, "bob@there.example")
	for _, a := range []*store.Account{late, eve, bob} {
		storetest.Receive(t, s.db, a, a.URI+"/1", "<p>words of "+a.Username+"</p>")
	}
	late.Memorial, eve.Suspended, bob.MovedToURI = true, true, "https://else.example/users/bob"
	save(late)
	save(eve)
	save(bob)
	p.get("/@late@there.example").wants(200, "In memoriam", "words of late")
	p.get("/@eve@there.example").wants(200, "has suspended it").lacks("words of eve")
	p.get("/@bob@there.example").wants(200, "This account has moved to", "https://else.example/users/bob", "words of bob")
	p.get("/federated").wants(200, "words of late").lacks("words of eve")
}
