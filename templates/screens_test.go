package templates

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestScreens draws pages into .shots at the top of the repository, for people
// to look at:
//
//	SHOTS=all go test -run TestScreens ./templates
//	SHOTS=home,thread go test -run TestScreens ./templates
//
// It needs chromium and is skipped otherwise.
func TestScreens(t *testing.T) {
	wanted := os.Getenv("SHOTS")
	chromium, err := exec.LookPath("chromium")
	if wanted == "" || err != nil {
		t.Skip("SHOTS is not set, or there is no chromium")
	}
	dir, err := filepath.Abs("../.shots")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sampleServer(t))
	defer srv.Close()
	for name := range fullPages() {
		if wanted != "all" && !strings.Contains(","+wanted+",", ","+name+",") {
			continue
		}
		for _, v := range []struct {
			theme  string
			width  int
			height int
		}{{"light", 1280, 1700}, {"dark", 390, 1500}} {
			file := filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", name, v.theme, v.width))
			url := fmt.Sprintf("%s/page/%s?theme=%s", srv.URL, name, v.theme)
			// Headless windows are at least 500 px wide, so a narrow page is shown in a frame.
			if v.width < 500 {
				url = fmt.Sprintf("%s/frame/%s?theme=%s&width=%d&height=%d", srv.URL, name, v.theme, v.width, v.height)
			}
			cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=1000", "--screenshot="+file, fmt.Sprintf("--window-size=%d,%d", v.width, v.height), url)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

// sampleServer serves the sample pages with the real static files.
func sampleServer(t *testing.T) http.Handler {
	return samplePages(t, newTestSet(t), func(f *Frame, r *http.Request) {
		f.Theme = r.FormValue("theme")
		if dir := r.FormValue("dir"); dir != "" {
			f.Dir = dir
		}
		if size := r.FormValue("size"); size != "" {
			f.TextSize = size
		}
	})
}

// samplePages serves them with their frames changed.
func samplePages(t *testing.T, s *Set, change func(*Frame, *http.Request)) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServerFS(os.DirFS("../static"))))
	mux.HandleFunc("/avatars/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#6aa875"/></svg>`)
	})
	mux.HandleFunc("/page/{name}", func(w http.ResponseWriter, r *http.Request) {
		p := fullPages()[r.PathValue("name")]
		change(p.frame(), r)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := s.Render(w, p); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/frame/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<body style="margin:0"><iframe src="/page/%s?theme=%s&dir=%s" width="%s" height="%s" style="border:0"></iframe>`, r.PathValue("name"), r.FormValue("theme"), r.FormValue("dir"), r.FormValue("width"), r.FormValue("height"))
	})
	return mux
}
