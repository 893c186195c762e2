package store

import "strings"

// NameError says why a user name can't be had.
type NameError struct{ Problem NameProblem }

func (e *NameError) Error() string { return "user name: " + string(e.Problem) }

// NameProblem is what is wrong with a user name.
type NameProblem string

// The ways in which a user name is refused.
const (
	NameEmpty    NameProblem = "is missing"
	NameTooLong  NameProblem = "is too long"
	NameLetters  NameProblem = "may hold only a to z, 0 to 9 and _"
	NameReserved NameProblem = "is reserved"
	NameTaken    NameProblem = "is taken"
)

// reservedNames could be mistaken for the server, its staff or its pages.
var reservedNames = []string{
	"about", "abuse", "account", "accounts", "activitypub", "admin", "administration", "administrator", "all", "announcements",
	"anonymous", "ap", "api", "auth", "authorize", "autoconfig", "bot", "everyone", "followers", "ghost", "help", "here", "home",
	"hostmaster", "inbox", "info", "instance", "local", "login", "logout", "mail", "mailerdaemon", "me", "mod", "moderation",
	"moderator", "moderators", "mods", "nobody", "noreply", "notifications", "null", "oauth", "official", "outbox", "owner",
	"postmaster", "privacy", "public", "root", "rules", "search", "security", "seedling", "settings", "setup", "signup", "staff",
	"static", "support", "sysadmin", "system", "team", "test", "undefined", "user", "users", "webmaster", "wellknown", "www",
}

// lookalikes maps what can be read as something else to that.
var lookalikes = strings.NewReplacer("_", "", "0", "o", "1", "l", "i", "l", "3", "e", "4", "a", "5", "s", "7", "t", "rn", "m", "vv", "w")

// skeleton is what a name looks like at a glance: names with the same one can
// be mistaken for each other.
func skeleton(name string) string { return lookalikes.Replace(strings.ToLower(name)) }

// CleanName folds a user name to its stored form or says what is wrong with it.
// Only ASCII is allowed, so that no letter can look like another script's.
func CleanName(name string) (string, error) {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "@"))
	switch {
	case name == "":
		return "", &NameError{NameEmpty}
	case len(name) > maxUsername:
		return "", &NameError{NameTooLong}
	}
	letters := 0
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			letters++
		case c != '_':
			return "", &NameError{NameLetters}
		}
	}
	if letters == 0 {
		return "", &NameError{NameLetters}
	}
	look := skeleton(name)
	for _, reserved := range reservedNames {
		if look == skeleton(reserved) {
			return "", &NameError{NameReserved}
		}
	}
	return name, nil
}

// checkNameFree refuses a name that is taken, was taken, or reads like that of
// a member of the staff.
func checkNameFree(t *tx, name string) error {
	taken, err := t.exists(`SELECT 1 FROM account WHERE username = ? COLLATE NOCASE AND host = ''`, name)
	if err != nil {
		return err
	}
	if taken {
		return &NameError{NameTaken}
	}
	staff, err := staffNames(t)
	if err != nil {
		return err
	}
	for _, other := range staff {
		if skeleton(other) == skeleton(name) {
			return &NameError{NameTaken}
		}
	}
	return nil
}
