package static

import (
	"fmt"
	"path"
	"regexp"
)

// scriptName is how one script names another, in import and import().
var scriptName = regexp.MustCompile(`'\./([a-z]+\.js)'`)

// linkScripts puts the hashed paths of the scripts that a script loads in place
// of their plain names. There is no build step: the files are written as they
// would run without hashes. Scripts that load each other in a circle have no
// hash, and are refused.
func (f *Files) linkScripts(name string, src []byte) ([]byte, error) {
	const beingRead = "?"
	f.urls[name] = beingRead
	defer delete(f.urls, name)
	var failed error
	linked := scriptName.ReplaceAllFunc(src, func(m []byte) []byte {
		other := path.Join(path.Dir(name), string(scriptName.FindSubmatch(m)[1]))
		if f.urls[other] == beingRead {
			failed = fmt.Errorf("%s and %s load each other", name, other)
		} else if err := f.add(other); err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", name, err)
		}
		return []byte("'" + f.urls[other] + "'")
	})
	return linked, failed
}
