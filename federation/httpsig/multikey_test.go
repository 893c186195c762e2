package httpsig

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
)

func TestMultibase(t *testing.T) {
	for text, want := range map[string]string{ // draft-msporny-base58 §5
		"z2NEpo7TZRRrLZSi2U": "Hello World!",
		"zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z": "The quick brown fox jumps over the lazy dog.",
		"z11233QC4": "\x00\x00\x28\x7f\xb4\xcd",
		"z":         "",
	} {
		got, err := DecodeMultibase(text)
		if err != nil || string(got) != want {
			t.Errorf("DecodeMultibase(%q) = %q, %v; want %q", text, got, err, want)
		}
		if again := EncodeMultibase([]byte(want)); again != text {
			t.Errorf("EncodeMultibase(%q) = %q, want %q", want, again, text)
		}
	}
	for _, bad := range []string{"", "u1234", "z0OIl", "z2NEpo7TZRRrLZSi2U ", "z" + strings.Repeat("2", 10_000)} {
		if got, err := DecodeMultibase(bad); err == nil {
			t.Errorf("DecodeMultibase(%.40q) = %q, want an error", bad, got)
		}
	}
}

func TestMultikey(t *testing.T) {
	key, err := ParseMultikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2") // of FEP-8b32
	if err != nil || len(key) != ed25519.PublicKeySize || EncodeMultikey(key) != "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2" {
		t.Errorf("ParseMultikey gives %x, %v", key, err)
	}
	for name, b := range map[string][]byte{
		"of small order":  append([]byte{0xed, 0x01, 1}, make([]byte, 31)...),
		"another kind":    append([]byte{0x80, 0x24}, bytes.Repeat([]byte{9}, 32)...),
		"a byte too few":  append([]byte{0xed, 0x01}, bytes.Repeat([]byte{9}, 31)...),
		"a byte too many": append([]byte{0xed, 0x01}, bytes.Repeat([]byte{9}, 33)...),
		"nothing":         nil,
	} {
		if key, err := ParseMultikey(EncodeMultibase(b)); err == nil {
			t.Errorf("a key %s is taken: %x", name, key)
		}
	}
}
