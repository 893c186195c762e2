package federation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/julienschmidt/httprouter"

	"seedling/federation/httpsig"
	"seedling/store"
)

// CheckKind is something that other servers need of this one.
type CheckKind string

// What SelfTest looks at.
const (
	CheckWebFinger CheckKind = "webfinger" // a handle leads to its actor (RFC 7033)
	CheckActor     CheckKind = "actor"     // the actor's document is there, under its own id (ActivityPub §4.1)
	CheckSignature CheckKind = "signature" // what the account signs is believed with the key in that document
	CheckNodeInfo  CheckKind = "nodeinfo"  // the server says what it is (NodeInfo 2.1)
)

// Check is how one of them stands; Err is nil if it is as it should be.
type Check struct {
	Kind CheckKind
	Err  error
}

// SelfTest asks this server's own documents what another server would ask about
// an account, in the same form, without a network.
func (d *Documents) SelfTest(ctx context.Context, a *store.Account) []Check {
	router := httprouter.New()
	d.Register(router)
	t := &selfTest{d: d, answers: router, account: a}
	return []Check{
		{CheckWebFinger, t.webFinger(ctx)}, {CheckActor, t.actor(ctx)}, {CheckSignature, t.signature(ctx)}, {CheckNodeInfo, t.nodeInfo(ctx)},
	}
}

// selfTest is another server as far as it can be one here.
type selfTest struct {
	d       *Documents
	answers http.Handler
	account *store.Account
	found   struct { // the actor's document
		ID        string `json:"id"`
		Inbox     string `json:"inbox"`
		PublicKey struct {
			ID  string `json:"id"`
			PEM string `json:"publicKeyPem"`
		} `json:"publicKey"`
	}
}

// kept is an answer that stays here.
type kept struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(code int)        { k.code = code }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

// get reads a document of ours into v.
func (t *selfTest) get(ctx context.Context, address, accept string, v any) error {
	if !t.d.db.IsLocal(address) {
		return fmt.Errorf("%s is not at this server", address)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", accept)
	w := &kept{header: http.Header{}, code: http.StatusOK}
	t.answers.ServeHTTP(w, r)
	if w.code != http.StatusOK {
		return fmt.Errorf("%s answers %d", address, w.code)
	}
	if err := json.Unmarshal(w.body.Bytes(), v); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

func (t *selfTest) webFinger(ctx context.Context) error {
	handle := "acct:" + t.account.Username + "@" + t.d.db.AccountDomain()
	var found struct {
		Subject string `json:"subject"`
		Links   []struct {
			Rel, Href string
		} `json:"links"`
	}
	if err := t.get(ctx, t.d.db.URL()+"/.well-known/webfinger?resource="+url.QueryEscape(handle), "application/jrd+json", &found); err != nil {
		return err
	}
	if !strings.EqualFold(found.Subject, handle) {
		return fmt.Errorf("the subject is %s, not %s", found.Subject, handle)
	}
	for _, link := range found.Links {
		if link.Rel == "self" && link.Href == t.account.URI {
			return nil
		}
	}
	return errors.New("no link leads to the actor")
}

func (t *selfTest) actor(ctx context.Context) error {
	if err := t.get(ctx, t.account.URI, "application/activity+json", &t.found); err != nil {
		return err
	}
	switch {
	case t.found.ID != t.account.URI:
		return fmt.Errorf("the id is %s, not %s", t.found.ID, t.account.URI)
	case !t.d.db.IsLocal(t.found.Inbox):
		return fmt.Errorf("the inbox %s is not at this server", t.found.Inbox)
	case t.found.PublicKey.PEM == "":
		return errors.New("there is no public key")
	}
	return nil
}

// signature signs a delivery as the account and believes it with the key that
// others are shown.
func (t *selfTest) signature(ctx context.Context) error {
	keyURI, text, err := t.d.db.SigningKey(ctx, t.account.ID)
	if err != nil {
		return err
	}
	if keyURI != t.found.PublicKey.ID {
		return fmt.Errorf("the key is %s, others are shown %s", keyURI, t.found.PublicKey.ID)
	}
	private, err := httpsig.DecodePrivate(text)
	if err != nil {
		return err
	}
	public, err := httpsig.ParsePublic(t.found.PublicKey.PEM)
	if err != nil {
		return err
	}
	body := []byte(`{"type":"Ping"}`)
	for _, scheme := range []httpsig.Scheme{httpsig.Cavage, httpsig.RFC9421} {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.found.Inbox, bytes.NewReader(body))
		if err != nil {
			return err
		}
		if err := httpsig.Sign(r, body, httpsig.Key{ID: keyURI, Private: private}, t.d.now(), scheme); err != nil {
			return err
		}
		signed, err := httpsig.Parse(r, t.d.now())
		if err == nil {
			err = signed.Verify(body, public)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *selfTest) nodeInfo(ctx context.Context) error {
	var index struct {
		Links []struct{ Href string } `json:"links"`
	}
	if err := t.get(ctx, t.d.db.URL()+"/.well-known/nodeinfo", "application/json", &index); err != nil {
		return err
	}
	if len(index.Links) == 0 {
		return errors.New("no version of it is named")
	}
	var found struct {
		Software struct{ Name string } `json:"software"`
	}
	if err := t.get(ctx, index.Links[0].Href, "application/json", &found); err != nil {
		return err
	}
	if found.Software.Name == "" {
		return errors.New("it does not name the software")
	}
	return nil
}
