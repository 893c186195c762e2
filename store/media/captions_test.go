package media_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"seedling/store/media"
)

// keptCaptions hands captions in and reads what is kept of them.
func keptCaptions(t *testing.T, text string) (string, error) {
	t.Helper()
	files, err := media.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	taken, err := files.TakeCaptions(t.Context(), strings.NewReader(text), func(media.File) error { return nil })
	if err != nil {
		return "", err
	}
	if taken.Type != "text/vtt" || taken.Kind != media.Captions {
		t.Errorf("kept as %s", taken.Type)
	}
	file, err := files.Open(t.Context(), taken.File)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	kept, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(kept), nil
}

func TestCaptionsAreTimesAndText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":            {"WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n", "00:00:01.000 --> 00:00:02.500\nHello\n"},
		"hours and place":  {"WEBVTT title\n\n1\n01:00:01.000 --> 01:00:02.500 align:start onload:x line:0\nHello\n", "01:00:01.000 --> 01:00:02.500 align:start line:0\nHello\n"},
		"a mark and CRLF":  {"\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.500\r\nHello\r\nyou\r\n", "00:00:01.000 --> 00:00:02.500\nHello\nyou\n"},
		"SubRip":           {"1\n00:00:01,000 --> 00:00:02,500\n<font color=red>Hello</font> <i>you</i>\n\n", "00:00:01.000 --> 00:00:02.500\nHello <i>you</i>\n"},
		"styles and notes": {"WEBVTT\n\nSTYLE\n::cue { background: url(https://spy.example/) }\n\nNOTE --> no\n\n00:01.000 --> 00:02.500\nHello\n", "00:00:01.000 --> 00:00:02.500\nHello\n"},
		"voices":           {"WEBVTT\n\n00:01.000 --> 00:02.500\n<v.loud Ada\nLovelace>Hello</v><script>x</script>\n", "00:00:01.000 --> 00:00:02.500\n<v Ada Lovelace>Hello</v>x\n"},
		"an arrow in text": {"WEBVTT\n\n00:01.000 --> 00:02.500\na\nb --> c < d\n", "00:00:01.000 --> 00:00:02.500\na\nb --&gt; c &lt; d\n"},
		"backwards":        {"WEBVTT\n\n00:03.000 --> 00:02.500\nnever\n\n00:01.000 --> 00:02.500\nHello\n", "00:00:01.000 --> 00:00:02.500\nHello\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := keptCaptions(t, c.in)
			if want := "WEBVTT\n\n" + c.want; err != nil || got != want {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
		})
	}
}

func TestWhatIsNoCaptionsIsRefused(t *testing.T) {
	long := "WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("x", media.MaxCaptions)
	for name, c := range map[string]struct {
		in   string
		want media.Problem
	}{
		"nothing":      {"", media.Empty},
		"a page":       {"<html><script>alert(1)</script>", media.Unknown},
		"another word": {"WEBVTTX\n\n00:01.000 --> 00:02.500\nHello\n", media.Unknown},
		"no cue":       {"WEBVTT\n\nNOTE nothing is said\n", media.Broken},
		"no text":      {"WEBVTT\n\n00:01.000 --> 00:02.500\n\x80\xff\n", media.Broken},
		"too long":     {long, media.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keptCaptions(t, c.in)
			var refused *media.RefusedError
			if !errors.As(err, &refused) || refused.Problem != c.want {
				t.Errorf("got %v, want that it %s", err, c.want)
			}
		})
	}
}

// FuzzCaptions: whatever comes, what is kept of it is read again as the same.
func FuzzCaptions(f *testing.F) {
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.500 align:start\n<v Ada>Hello</v> <i>you\n")
	f.Add("1\n00:00:01,000 --> 00:00:02,500\nHello\n")
	f.Fuzz(func(t *testing.T, text string) {
		once, err := keptCaptions(t, text)
		if err != nil {
			return
		}
		if twice, err := keptCaptions(t, once); err != nil || twice != once {
			t.Errorf("%q became %q, and then %q, %v", text, once, twice, err)
		}
	})
}
