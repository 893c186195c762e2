package live

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"seedling/store"
)

// Mastodon sent pushes as the drafts of RFC 8291 and RFC 8292 had it long after
// they were standards, and still does unless an app says that it knows better.
// The relays that bring pushes to telephones (webpush-fcm-relay, toot-relay) read
// these headers and refuse others.

// sendDraft encrypts a text as aesgcm (draft-ietf-webpush-encryption-04) and
// brings it to the push service.
func (p *Pusher) sendDraft(ctx context.Context, sub *store.PushSubscription, text []byte, private, public string) (status int, err error) {
	body, salt, sender, err := encryptDraft(sub, text)
	if err != nil {
		return 0, err
	}
	token, err := p.vapidToken(sub.Endpoint, private)
	if err != nil {
		return 0, err
	}
	resp, err := p.client.Post(ctx, sub.Endpoint, body, func(out *http.Request) error {
		out.Header.Set("Content-Type", "application/octet-stream")
		out.Header.Set("Content-Encoding", "aesgcm")
		out.Header.Set("Encryption", "salt="+base64url(salt))
		out.Header.Set("Crypto-Key", "dh="+base64url(sender)+";p256ecdsa="+public)
		out.Header.Set("Authorization", "WebPush "+token) // draft-ietf-webpush-vapid-01
		out.Header.Set("TTL", strconv.Itoa(int(pushTTL/time.Second)))
		out.Header.Set("Urgency", "normal")
		return nil
	})
	if err != nil {
		return 0, err
	}
	return resp.Status, nil
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// encryptDraft encrypts a text, which must fit into one record of 4096 bytes, for
// the receiver of a subscription.
func encryptDraft(sub *store.PushSubscription, text []byte) (body, salt, sender []byte, err error) {
	receiver, auth, err := sub.Keys()
	if err != nil {
		return nil, nil, nil, err
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	shared, err := own.ECDH(receiver)
	if err != nil {
		return nil, nil, nil, err
	}
	salt, sender = make([]byte, 16), own.PublicKey().Bytes()
	rand.Read(salt) // never fails
	secret, err := hkdf.Key(sha256.New, shared, auth, "Content-Encoding: auth\x00", 32)
	if err != nil {
		return nil, nil, nil, err
	}
	pair := "P-256\x00" + withLength(receiver.Bytes()) + withLength(sender)
	key, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aesgcm\x00"+pair, 16)
	if err != nil {
		return nil, nil, nil, err
	}
	nonce, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00"+pair, 12)
	if err != nil {
		return nil, nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, nil, err
	}
	noPadding := []byte{0, 0} // the length of what would stand before the text
	return aead.Seal(nil, nonce, append(noPadding, text...), nil), salt, sender, nil
}

// withLength is a key behind its length in two bytes.
func withLength(key []byte) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(key)))) + string(key)
}

// vapidToken names this server to the push service at an address: a JSON Web
// Token (RFC 7519) with the signature ES256 (RFC 7518 §3.4).
func (p *Pusher) vapidToken(endpoint, private string) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(private, "="))
	if err != nil {
		return "", fmt.Errorf("key of pushes: %w", err)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		return "", fmt.Errorf("key of pushes: %w", err)
	}
	claims, err := json.Marshal(map[string]any{"aud": u.Scheme + "://" + u.Host, "exp": p.now().Add(vapidAge).Unix(), "sub": p.db.URL()})
	if err != nil {
		return "", err
	}
	token := base64url([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + base64url(claims)
	sum := sha256.Sum256([]byte(token))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return token + "." + base64url(signature), nil
}
