package proof

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seedling/federation/httpsig"
	"seedling/federation/jcs"
)

// The key and the time of the vectors of FEP-8b32.
const (
	vectorKeyID  = "https://server.example/users/alice#ed25519-key"
	vectorPublic = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	vectorSecret = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
)

var vectorTime = time.Date(2023, 2, 24, 23, 36, 38, 0, time.UTC)

func vectorKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	b, err := httpsig.DecodeMultibase(vectorSecret)
	if err != nil || len(b) != 34 {
		t.Fatalf("the secret key is %x, %v", b, err)
	}
	return ed25519.NewKeyFromSeed(b[2:])
}

// TestVectors verifies the examples of three versions of FEP-8b32.
func TestVectors(t *testing.T) {
	public, err := httpsig.ParseMultikey(vectorPublic)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("testdata/*.json")
	if len(files) < 3 {
		t.Fatalf("only the files %v", files)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Read(document, vectorTime)
		if err != nil || p.KeyID != vectorKeyID || !p.Created.Equal(vectorTime) {
			t.Errorf("%s: read %+v, %v", file, p, err)
			continue
		}
		if err := p.Verify(public); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestSignMakesTheVector signs the document of the FEP's example and gets the
// example.
func TestSignMakesTheVector(t *testing.T) {
	want, err := os.ReadFile("testdata/fep-8b32-context.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Sign(want, vectorKeyID, vectorKey(t), vectorTime) // replaces the proof that is there
	if err != nil {
		t.Fatal(err)
	}
	if want, _ = jcs.Canonical(want); !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSignedIsVerified also when servers on the way lay the text out otherwise;
// and not when one of them changes what it says.
func TestSignedIsVerified(t *testing.T) {
	key := vectorKey(t)
	for _, document := range []string{
		`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://a.example/1","type":"Create","n":[1,2.50]}`,
		`{"@context":["https://www.w3.org/ns/activitystreams",{"toot":"x"}],"content":"<p>é😀 \" \\</p>"}`,
		`{"type":"Create"}`,
	} {
		signed, err := Sign([]byte(document), vectorKeyID, key, vectorTime)
		if err != nil {
			t.Fatal(err)
		}
		var laidOut bytes.Buffer
		if err := json.Indent(&laidOut, signed, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		p, err := Read(laidOut.Bytes(), vectorTime)
		if err != nil {
			t.Fatalf("%s: %v", signed, err)
		}
		if err := p.Verify(key.Public().(ed25519.PublicKey)); err != nil {
			t.Errorf("%s: %v", signed, err)
		}
		changed := append(bytes.TrimSuffix(bytes.Clone(signed), []byte("}")), `,"more":0}`...)
		if p, err := Read(changed, vectorTime); err != nil || p.Verify(key.Public().(ed25519.PublicKey)) == nil {
			t.Errorf("%s is verified with a member added (%v)", changed, err)
		}
	}
}

// TestProofsThatAreNotBelieved are refused without a look at the key.
func TestProofsThatAreNotBelieved(t *testing.T) {
	signed, err := Sign([]byte(`{"type":"Create"}`), vectorKeyID, vectorKey(t), vectorTime)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		old, new string
		after    time.Duration
	}{
		"too old":              {after: maxAge + time.Hour},
		"of tomorrow":          {after: -2 * time.Hour},
		"without created":      {old: `"created"`, new: `"made"`},
		"with a bad created":   {old: "2023-02-24T23:36:38Z", new: "yesterday"},
		"expired":              {old: `"created":`, new: `"expires":"2023-02-24T23:36:37Z","created":`},
		"with a bad expires":   {old: `"created":`, new: `"expires":7,"created":`},
		"to log in":            {old: `"proofPurpose":"assertionMethod"`, new: `"proofPurpose":"authentication"`},
		"without a key":        {old: `"verificationMethod"`, new: `"method"`},
		"by an object":         {old: `"` + vectorKeyID + `"`, new: `{"id":"` + vectorKeyID + `"}`},
		"by a very long key":   {old: vectorKeyID, new: vectorKeyID + strings.Repeat("x", maxKeyID)},
		"with a short value":   {old: `"proofValue":"z`, new: `"proofValue":"z2","old":"z`},
		"in another base":      {old: `"proofValue":"z`, new: `"proofValue":"u`},
		"of an unknown suite":  {old: suite, new: "eddsa-rdfc-2022"},
		"of an unknown type":   {old: proofType, new: "RsaSignature2017"},
		"that is a string":     {old: `"proof":{`, new: `"proof":"https://a.example/proof","x":{`},
		"one of too many":      {old: `"proof":{`, new: `"proof":[1,2,3,4,5],"x":{`},
		"without any document": {old: string(signed), new: `[]`},
	} {
		document := strings.Replace(string(signed), c.old, c.new, 1)
		p, err := Read([]byte(document), vectorTime.Add(c.after))
		var no *Error
		if !errors.As(err, &no) {
			t.Errorf("a proof %s is read as %+v, %v", name, p, err)
		}
	}
	p, err := Read(signed, vectorTime)
	other := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	if err != nil || p.Verify(other) == nil || p.Verify(nil) == nil {
		t.Errorf("a proof is verified by the key of another, %v", err)
	}
}

// FuzzRead holds that nothing foreign breaks the reader.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	public, err := httpsig.ParseMultikey(vectorPublic)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		p, err := Read(document, vectorTime)
		if err == nil {
			_ = p.Verify(public)
		}
	})
}

// What a proof costs, beside the signature alone.
func BenchmarkProof(b *testing.B) {
	document, err := os.ReadFile("testdata/fep-8b32-context.json")
	if err != nil {
		b.Fatal(err)
	}
	key, hash := vectorKey(b), make([]byte, 64)
	public, value := key.Public().(ed25519.PublicKey), ed25519.Sign(key, hash)
	b.Run("raw sign", func(b *testing.B) {
		for b.Loop() {
			ed25519.Sign(key, hash)
		}
	})
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			if _, err := Sign(document, vectorKeyID, key, vectorTime); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw verify", func(b *testing.B) {
		for b.Loop() {
			ed25519.Verify(public, hash, value)
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			p, err := Read(document, vectorTime)
			if err != nil || p.Verify(public) != nil {
				b.Fatal(err)
			}
		}
	})
}
