package store

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"seedling/store/content"
)

// PasswordError says why a password is refused.
type PasswordError struct{ Problem PasswordProblem }

func (e *PasswordError) Error() string { return "password: " + string(e.Problem) }

// PasswordProblem is what is wrong with a password.
type PasswordProblem string

// The ways in which a password is refused. There are no rules of composition
// (NIST SP 800-63B §3.1.1.2).
const (
	PasswordShort  PasswordProblem = "must have at least 12 characters"
	PasswordLong   PasswordProblem = "is too long"
	PasswordCommon PasswordProblem = "is one of the first that would be tried"
	PasswordWrong  PasswordProblem = "is not right"
)

// argon2id with the second recommended option of RFC 9106 §4, less memory so
// that a few log-ins at once fit a small machine.
const (
	argonTime    = 3
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// hashing bounds how many hashes are computed at once: each takes 19 MB.
var hashing = make(chan struct{}, 4)

func argon(password string, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, size)
}

// HashPassword returns a password as it is stored, by argon2id in PHC string form.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt) // never fails (crypto/rand)
	key := argon(password, salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// passwordMatches compares in constant time. It takes as long for an unknown
// account, whose hash is "".
func passwordMatches(hash, password string) bool {
	time, memory, threads, salt, key, err := parseHash(hash)
	if err != nil {
		argon(password, make([]byte, argonSalt), argonTime, argonMemory, argonThreads, argonKey)
		return false
	}
	got := argon(password, salt, time, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}

func parseHash(hash string) (time, memory uint32, threads uint8, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return 0, 0, 0, nil, nil, errors.New("not an argon2id hash")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return 0, 0, 0, nil, nil, err
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return 0, 0, 0, nil, nil, err
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	return time, memory, threads, salt, key, err
}

// checkPassword refuses short, huge and well-known passwords.
func checkPassword(password, name string) error {
	switch {
	case content.Count(password) < minPassword:
		return &PasswordError{PasswordShort}
	case len(password) > maxPassword:
		return &PasswordError{PasswordLong}
	case isCommonPassword(password, name):
		return &PasswordError{PasswordCommon}
	}
	return nil
}

// CheckNewPassword says whether somebody of this name may choose this password:
// nil or a *PasswordError.
func CheckNewPassword(password, name string) error { return checkPassword(password, name) }

// commonParts are what the usual long but worthless passwords are made of.
var commonParts = []string{"password", "passwort", "contraseña", "motdepasse", "qwerty", "qwertz", "azerty", "letmein", "welcome",
	"iloveyou", "administrator", "admin", "seedling", "changeme", "secret", "abcdef", "abc", "1234567890", "123456789", "12345678",
	"1234567", "123456", "12345", "1234", "123", "0987654321", "987654321", "mastodon", "fediverse"}

// isCommonPassword says whether nothing is left of a password without the usual
// parts, the user's name and repetition.
func isCommonPassword(password, name string) bool {
	rest := strings.ToLower(password)
	if name != "" {
		rest = strings.ReplaceAll(rest, strings.ToLower(name), "")
	}
	for _, part := range commonParts {
		rest = strings.ReplaceAll(rest, part, "")
	}
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	return len(distinct) < 4
}

// newSecret makes a random secret for a cookie, a token or a link, and the hash
// that is stored in its place.
func newSecret() (secret string, hash []byte) {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, hashSecret(secret)
}

func hashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}
