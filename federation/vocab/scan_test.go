package vocab

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	numbered := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d":0,`, i)
		}
		return b.String()
	}
	tests := []struct {
		name, in, reason string
	}{
		{"nothing", "", reasonNotObject},
		{"array", `[]`, reasonNotObject},
		{"string", `"a"`, reasonNotObject},
		{"byte order mark", "\uFEFF{}", reasonNotObject},
		{"trailing value", `{} {}`, reasonTrailing},
		{"trailing garbage", `{}x`, reasonTrailing},
		{"unfinished", `{"a":`, reasonEnd},
		{"unfinished string", `{"a":"b`, reasonEnd},
		{"unfinished escape", `{"a":"\`, reasonEnd},
		{"trailing comma", `{"a":1,}`, reasonKey},
		{"comma in array", `{"a":[1,]}`, reasonValue},
		{"missing comma", `{"a":[1 2]}`, reasonComma},
		{"missing colon", `{"a" 1}`, reasonColon},
		{"bare key", `{a:1}`, reasonKey},
		{"word", `{"a":nul}`, reasonValue},
		{"NaN", `{"a":NaN}`, reasonValue},
		{"leading zero", `{"a":01}`, reasonNumber},
		{"no fraction", `{"a":1.}`, reasonNumber},
		{"no exponent", `{"a":1e}`, reasonNumber},
		{"only minus", `{"a":-}`, reasonNumber},
		{"1e400", `{"a":1e400}`, reasonNumberRange},
		{"400 digits", `{"a":` + strings.Repeat("9", 400) + `}`, reasonNumberRange},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", reasonUTF8},
		{"encoded surrogate", "{\"a\":\"\xed\xa0\x80\"}", reasonUTF8},
		{"control character", "{\"a\":\"\n\"}", reasonControl},
		{"bare NUL", "{\"a\":\"\x00\"}", reasonControl},
		{"escaped NUL", `{"a":"\u0000"}`, reasonNUL},
		{"unknown escape", `{"a":"\x"}`, reasonEscape},
		{"short escape", `{"a":"\u12"}`, reasonEscape},
		{"lone high surrogate", `{"a":"\ud83e"}`, reasonSurrogate},
		{"lone low surrogate", `{"a":"\udd8a"}`, reasonSurrogate},
		{"high surrogate twice", `{"a":"\ud83e\ud83e"}`, reasonSurrogate},
		{"duplicate key", `{"a":1,"b":2,"a":3}`, reasonDuplicate},
		{"duplicate key, escaped", `{"id":1,"\u0069d":2}`, reasonDuplicate},
		{"duplicate key, nested", `{"o":[{"a":1,"a":1}]}`, reasonDuplicate},
		{"duplicate key among many", `{` + numbered(100) + `"k50":1}`, reasonDuplicate},
		{"many keys", `{` + numbered(MaxMembers) + `"z":1}`, reasonMembers},
		{"deep arrays", `{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, reasonDepth},
		{"deep objects", strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), reasonDepth},
		{"deep and unfinished", `{"a":` + strings.Repeat("[", 100_000), reasonDepth},
		{"many values", `{"a":[0` + strings.Repeat(",0", MaxValues) + `]}`, reasonValues},
		{"too long", `{"a":"` + strings.Repeat("x", MaxDocumentBytes) + `"}`, reasonTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.in))
			var got *ParseError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a ParseError", err)
			}
			if got.Reason != tt.reason {
				t.Errorf("got %q at byte %d, want %q", got.Reason, got.Offset, tt.reason)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	tests := map[string]string{
		"empty":       `{}`,
		"space":       " \t\r\n{ } \n",
		"numbers":     `{"a":[0,-0,1.5,-1e5,1E+3,1e-400,12345678901234567890]}`,
		"words":       `{"a":[true,false,null]}`,
		"text":        `{"a":"\"\\\/\b\f\n\r\t\u00fc\ud83e\udd8a🦊"}`,
		"64 deep":     strings.Repeat(`{"a":`, MaxDepth-1) + "{}" + strings.Repeat("}", MaxDepth-1),
		"same key":    `{"a":{"a":{"a":1}},"b":{"a":1}}`,
		"empty key":   `{"":1}`,
		"most values": `{"a":[0` + strings.Repeat(",0", MaxValues-2) + `]}`,
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(in)); err != nil {
				t.Errorf("got %v, want none", err)
			}
		})
	}
}

// TestTextsAreDecodedAsElsewhere compares with encoding/json.
func TestTextsAreDecodedAsElsewhere(t *testing.T) {
	for _, quoted := range []string{`""`, `"a\nb"`, `"\u00fc\ud83e\udd8a\\\/\""`, `"\b\f\r\t🦊"`, `"\\u0041"`} {
		var want string
		if err := json.Unmarshal([]byte(quoted), &want); err != nil {
			t.Fatal(err)
		}
		if got := mustParse(t, []byte(`{"a":`+quoted+`}`)).Text("a"); got != want {
			t.Errorf("%s: got %q, want %q", quoted, got, want)
		}
	}
}
