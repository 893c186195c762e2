package param

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func read(t *testing.T, method, target, contentType, body string) (Values, error) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	v, err := Read(httptest.NewRecorder(), r, 3000)
	t.Cleanup(v.Close)
	return v, err
}

// TestAllWaysOfSendingReadAlike sends the same parameters in every way that
// apps use.
func TestAllWaysOfSendingReadAlike(t *testing.T) {
	var multi bytes.Buffer
	parts := multipart.NewWriter(&multi)
	for _, p := range [][2]string{{"status", "hé & you"}, {"media_ids[]", "1"}, {"media_ids[]", "2"}, {"poll[options][]", "a"}, {"poll[options][]", "b"},
		{"poll[multiple]", "true"}, {"fields_attributes[1][name]", "N1"}, {"fields_attributes[0][name]", "N0"}, {"fields_attributes[0][value]", "V0"}} {
		parts.WriteField(p[0], p[1])
	}
	parts.Close()
	var rows bytes.Buffer
	rowParts := multipart.NewWriter(&rows)
	for _, p := range [][2]string{{"status", "hé & you"}, {"media_ids[0]", "1"}, {"media_ids[1]", "2"}, {"poll[options][0]", "a"}, {"poll[options][1]", "b"}, {"poll[multiple]", "t"},
		{"fields_attributes[][name]", "N0"}, {"fields_attributes[][value]", "V0"}, {"fields_attributes[][name]", "N1"}, {"fields_attributes[][value]", "V1"}} {
		rowParts.WriteField(p[0], p[1])
	}
	rowParts.Close()
	form := "status=h%C3%A9+%26+you&media_ids[]=1&media_ids[]=2&poll[options][]=a&poll[options][]=b&poll[multiple]=1" +
		"&fields_attributes[1][name]=N1&fields_attributes[0][name]=N0&fields_attributes[0][value]=V0"
	for _, c := range []struct{ name, method, target, contentType, body string }{
		{"query", "GET", "/?" + form, "", ""},
		{"form", "POST", "/", "application/x-www-form-urlencoded", form},
		{"form without brackets", "POST", "/", "application/x-www-form-urlencoded; charset=utf-8", strings.ReplaceAll(form, "media_ids[]", "media_ids")},
		{"lists with numbers", "POST", "/", "application/x-www-form-urlencoded", strings.NewReplacer("media_ids[]=1", "media_ids[1]=2", "media_ids[]=2", "media_ids[0]=1",
			"[options][]=a", "[options][0]=a", "[options][]=b", "[options][1]=b").Replace(form)},
		{"escaped brackets", "POST", "/", "application/x-www-form-urlencoded", strings.NewReplacer("[", "%5B", "]", "%5D").Replace(form)},
		{"no content type", "PUT", "/", "", form},
		{"rows without numbers", "POST", "/", "", strings.NewReplacer("fields_attributes[1][name]=N1&", "", "[0]", "[]").Replace(form) + "&fields_attributes[][name]=N1"},
		{"multipart", "POST", "/", parts.FormDataContentType(), multi.String()},
		{"multipart, rows without numbers", "POST", "/", rowParts.FormDataContentType(), rows.String()},
		{"JSON", "POST", "/", "application/json", `{"status":"hé & you","media_ids":["1",2],"poll":{"options":["a","b"],"multiple":true},
			"fields_attributes":[{"name":"N0","value":"V0"},{"name":"N1"}],"nothing":null}`},
		{"JSON, numbered object", "PATCH", "/", "application/json; charset=utf-8", `{"status":"hé & you","media_ids":{"1":2,"0":1},"poll":{"options":["a","b"],"multiple":"on"},
			"fields_attributes":{"0":{"name":"N0","value":"V0"},"1":{"name":"N1"}}}`},
	} {
		v, err := read(t, c.method, c.target, c.contentType, c.body)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		rows := v.Rows("fields_attributes")
		poll := v.Below("poll")
		if v.Get("status") != "hé & you" || strings.Join(v.All("media_ids"), " ") != "1 2" || strings.Join(poll.All("options"), " ") != "a b" ||
			!poll.Bool("multiple", false) || len(rows) != 2 || rows[0].Get("name") != "N0" || rows[0].Get("value") != "V0" || rows[1].Get("name") != "N1" ||
			v.Has("nothing") {
			t.Errorf("%s: read as %+v, rows %+v", c.name, v.pairs, rows)
		}
	}
}

// TestBooleansAreReadAsAppsSendThem covers what is sent for yes and no.
func TestBooleansAreReadAsAppsSendThem(t *testing.T) {
	for value, want := range map[string]bool{"true": true, "1": true, "on": true, "TRUE": true, "yes": true,
		"false": false, "0": false, "off": false, "False": false, "f": false} {
		v, err := read(t, "GET", "/?x="+value, "", "")
		if got := v.Bool("x", !want); got != want || err != nil {
			t.Errorf("%q: got %v, %v, want %v", value, got, err, want)
		}
	}
	if v, _ := read(t, "GET", "/?x=", "", ""); !v.Bool("x", true) || v.Bool("y", false) {
		t.Error("an empty value does not count as unsaid")
	}
}

// TestTheBodyCountsBeforeTheQuery covers a name in both.
func TestTheBodyCountsBeforeTheQuery(t *testing.T) {
	v, err := read(t, "POST", "/?x=query", "", "x=body")
	if err != nil || v.Get("x") != "body" {
		t.Errorf("got %q, %v", v.Get("x"), err)
	}
}

// TestBrokenParametersAreRefused covers what is no set of parameters.
func TestBrokenParametersAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"too large", "", "x=" + strings.Repeat("y", 3000), 413},
		{"large JSON", "application/json", `{"x":"` + strings.Repeat("y", 3000) + `"}`, 413},
		{"not JSON", "application/json", `{"x":`, 400},
		{"a list", "application/json", `[1]`, 400},
		{"two values", "application/json", `{} {}`, 400},
		{"deep", "application/json", strings.Repeat(`{"x":`, 9) + "1" + strings.Repeat("}", 9), 400},
		{"not UTF-8", "", "x=\xff", 400},
		{"not UTF-8, escaped", "", "x=%ff", 400},
		{"a zero byte", "application/json", `{"x":"\u0000"}`, 400},
		{"no boundary", "multipart/form-data", "x", 400},
		{"half a form", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny", 400},
	} {
		_, err := read(t, "POST", "/", c.contentType, c.body)
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Status != c.status {
			t.Errorf("%s: got %v, want status %d", c.name, err, c.status)
		}
	}
}

// TestHalfSentBodyIsRefused covers a sender that stops early.
func TestHalfSentBodyIsRefused(t *testing.T) {
	r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("x=1"), broken{}))
	_, err := Read(httptest.NewRecorder(), r, 3000)
	var wrong *Error
	if !errors.As(err, &wrong) || wrong.Status != http.StatusBadRequest {
		t.Errorf("got %v, want status 400", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzRead(f *testing.F) {
	f.Add("application/json", `{"a":[{"b":"c"},1],"d":{"e":true}}`)
	f.Add("application/x-www-form-urlencoded", "a[][b]=1&a[][b]=2&c[0][d]=%zz")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		v, err := Read(httptest.NewRecorder(), r, 10_000)
		if err != nil {
			return
		}
		defer v.Close()
		for _, p := range v.pairs {
			v.Rows(p.name)
			v.Below(p.name)
			v.All(p.name)
		}
	})
}
