package web

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"strconv"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// device is a phone that keeps one passkey (WebAuthn §6).
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	uses   uint32
	origin string
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, id: []byte("credential of " + t.Name()), origin: storetest.URL}
}

// options is what a server asks a device.
type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// data is the authenticator data: present, verified, and with the key if it is new.
func (d *device) data(flags byte, attested []byte) []byte {
	host := sha256.Sum256([]byte("here.example"))
	d.uses++
	return append(binary.BigEndian.AppendUint32(append(host[:], flags), d.uses), attested...)
}

func (d *device) client(kind, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *device) answer(response map[string]string) string {
	b, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}

// create makes the key and says so without an attestation. The CBOR of the key
// (RFC 9052 §7, ES256) and of what holds it is short enough to be written out.
func (d *device) create(page *screen) string {
	d.t.Helper()
	var o options
	if err := json.Unmarshal([]byte(page.wants(200).body), &o); err != nil {
		d.t.Fatal(err)
	}
	d.handle, _ = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	public, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	attested := append(make([]byte, 16), 0, byte(len(d.id)))
	attested = append(attested, d.id...)
	attested = append(attested, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32)
	attested = append(append(attested, public[1:33]...), 0x22, 0x58, 32)
	data := d.data(0x45, append(attested, public[33:]...))
	object := append([]byte{0xa3, 0x63}, "fmt\x64none\x67attStmt\xa0\x68authData\x58"...)
	object = append(append(object, byte(len(data))), data...)
	return d.answer(map[string]string{"clientDataJSON": b64(d.client("webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64(object)})
}

// sign answers a challenge.
func (d *device) sign(page *screen) string {
	d.t.Helper()
	var o options
	if err := json.Unmarshal([]byte(page.wants(200).body), &o); err != nil {
		d.t.Fatal(err)
	}
	data, client := d.data(0x05, nil), d.client("webauthn.get", o.PublicKey.Challenge)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]string{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(d.handle)})
}

// ask asks for a challenge as the script does: with the fields of the form.
func (p *person) ask(page, action string, changes ...string) (*screen, url.Values) {
	p.t.Helper()
	form := p.get(page).fields(action)
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return p.post(action+"/options", form), form
}

const newKeyForm = "/settings/security/passkeys"

// addKey gives a member a passkey on a device.
func (p *person) addKey(d *device) {
	p.t.Helper()
	asked, form := p.ask("/settings/security", newKeyForm, "passkey_name", "Phone", "passkey_password", storetest.Password)
	form.Set("credential", d.create(asked))
	p.post(newKeyForm, form).leadsTo("/settings/security").wants(200, "The passkey is added.", "Phone")
	p.post(newKeyForm, form).wants(422).problem("passkey_name", "No passkey was added") // its challenge is used
}

func TestPasskeyLogsInWithoutCode(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	p.withCodes()
	d := newDevice(t)
	p.addKey(d)
	visitor := s.person()
	asked, form := visitor.ask("/login?next=%2Ftags", "/login/passkey")
	form.Set("credential", d.sign(asked))
	visitor.post("/login/passkey", form).leadsTo("/tags").wants(200)
	visitor.get("/settings/security").wants(200, "With a passkey")

	again := s.person()
	again.get("/login")
	again.post("/login/passkey", form).wants(403) // another browser's form
	asked, form2 := again.ask("/login", "/login/passkey")
	asked.wants(200)
	form2.Set("credential", form.Get("credential"))
	again.post("/login/passkey", form2).wants(422, "did not log you in") // the answer to another challenge

	list, err := s.db.Passkeys(t.Context(), s.userID(t, "mira"))
	s.must(err)
	remove := newKeyForm + "/" + strconv.FormatInt(list[0].ID, 10) + "/remove"
	other := s.member("fay")
	other.post(remove, other.get("/menu").fieldsOfAct()).wants(303)
	p.get("/settings/security").wants(200, "Phone").press(remove).leadsTo("/settings/security").wants(200, "The passkey is removed.")
	last := s.person()
	asked, form = last.ask("/login", "/login/passkey")
	form.Set("credential", d.sign(asked))
	last.post("/login/passkey", form).wants(422, "did not log you in")
}

func TestPasskeyOfAnotherPlaceOrCopyIsRefused(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	d := newDevice(t)
	p.addKey(d)
	for name, change := range map[string]func(*device){
		"another site":   func(d *device) { d.origin = "https://evil.example" },
		"another key":    func(d *device) { d.key = newDevice(t).key },
		"another member": func(d *device) { d.handle = make([]byte, 8) },
		"unknown id":     func(d *device) { d.id = []byte("no such") },
	} {
		bad := *d
		change(&bad)
		visitor := s.person()
		asked, form := visitor.ask("/login", "/login/passkey")
		form.Set("credential", bad.sign(asked))
		if page := visitor.post("/login/passkey", form); page.status != 422 || visitor.cookie("session") != "" {
			t.Errorf("%s: status %d, want 422 and no session", name, page.status)
		}
	}
	copied := *d // holds the same key, and counts on its own
	for i, who := range []*device{d, &copied} {
		visitor := s.person()
		asked, form := visitor.ask("/login", "/login/passkey")
		form.Set("credential", who.sign(asked))
		want := []int{303, 422}[i]
		if page := visitor.post("/login/passkey", form); page.status != want {
			t.Errorf("device %d: status %d, want %d", i, page.status, want)
		}
	}
}

func TestPasskeyFormsRefuseNonsense(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	asked, form := p.ask("/settings/security", newKeyForm, "passkey_name", "Phone", "passkey_password", "wrong wrong wrong")
	asked.wants(422)
	for _, credential := range []string{"", "{}", "null", `{"id":"x"}`, "\x01"} {
		p.ask("/settings/security", newKeyForm, "passkey_name", "Phone", "passkey_password", storetest.Password)
		form.Set("credential", credential)
		p.post(newKeyForm, form).wants(422).problem("passkey_name", "No passkey was added")
		visitor := s.person()
		_, login := visitor.ask("/login", "/login/passkey")
		login.Set("credential", credential)
		visitor.post("/login/passkey", login).wants(422, "did not log you in")
	}
	late := s.person()
	asked, form = late.ask("/login", "/login/passkey")
	s.pass(store.CeremonyAge + time.Second)
	form.Set("credential", newDevice(t).sign(asked))
	late.post("/login/passkey", form).wants(422)
}
