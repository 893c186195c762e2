package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func debugLog() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})), &b
}

func TestPanicIsA500(t *testing.T) {
	t.Parallel()
	log, text := debugLog()
	s := httptest.NewServer(guard(log, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a broken handler") })))
	resp, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	s.Close() // waits for the handler, and so for its lines of the log
	if resp.StatusCode != 500 || strings.Contains(string(body), "broken") {
		t.Errorf("got %d %q, want 500 without the reason", resp.StatusCode, body)
	}
	if !strings.Contains(text.String(), "a broken handler") || !strings.Contains(text.String(), "answer_test.go") {
		t.Errorf("the log has no reason or no stack:\n%s", text)
	}
}

// TestPanicCutsTheAnswer: half an answer must not look like a whole one.
func TestPanicCutsTheAnswer(t *testing.T) {
	t.Parallel()
	log, _ := debugLog()
	s := httptest.NewServer(guard(log, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		panic("a broken handler")
	})))
	defer s.Close()
	resp, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("got the whole answer %q, want an error", body)
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	t.Parallel()
	tests := []struct{ target, secret, path string }{
		{"/setup?key=SECRET", "SECRET", "path=/setup "},
		{"/join/waiting/SECRET", "SECRET", "path=/join/waiting/… "},
		{"/join/waiting/SECRET/withdraw", "SECRET", "path=/join/waiting/… "},
		{"/invite/SECRET", "SECRET", "path=/invite/… "},
		{"/@alice/1", "SECRET", "path=/@alice/1 "},
		{"/" + strings.Repeat("x", 300), strings.Repeat("x", 201), "path=/xxx"},
	}
	for _, test := range tests {
		log, text := debugLog()
		h := guard(log, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", test.target, nil))
		line := text.String()
		if strings.Contains(line, test.secret) || !strings.Contains(line, test.path) || !strings.Contains(line, "status=200 bytes=5") {
			t.Errorf("%.40s: want %q, 5 bytes, no secret; got %s", test.target, test.path, line)
		}
	}
}

func TestRequestsAreNotLoggedAboveDebug(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	h := guard(slog.New(slog.NewTextHandler(&b, nil)), http.NotFoundHandler())
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if b.Len() > 0 {
		t.Errorf("got %q, want nothing", b.String())
	}
}
