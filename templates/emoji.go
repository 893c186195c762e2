package templates

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// EmojiGroup is a heading of the picker with its emoji.
type EmojiGroup struct {
	Title  string // message key
	Text   string // instead of Title: a category of custom emoji, which an admin named
	Custom []CustomEmoji
	Emoji  []string // Unicode
}

// CustomEmoji is one with a picture, in pickers and lists.
type CustomEmoji struct {
	Name    string // :shortcode:
	Value   string // in forms: with its host, if it is of another server
	Picture string // path
}

// emojiGroups is a selection: those that people react with, not all that there
// are. Whoever misses one types it into the search field. Their names are
// messages (emoji.name), and a test holds the two lists against each other.
var emojiGroups = []struct{ name, list string }{
	{"smileys", `😀 😃 😄 😁 😆 😅 😂 🤣 🙂 🙃 😉 😊 😇 🥰 😍 🤩 😘 😋 😜 🤗 🤭 🤔 🫡 🤨 😐 😶 🙄 😏 😬 😌 😔 😴 🤒 🥳 😎 🤓 🧐 😕 😟 😮 😲 😳 🥺 🥹 😢 😭 😱 😤 😡 🤬 🤯 🥲 🫠 😵‍💫 💀 👻 🤖 💩`},
	{"hearts", `❤️ 🧡 💛 💚 💙 💜 🤎 🖤 🤍 💔 ❤️‍🔥 ❤️‍🩹 💕 💖 💯 💢 💥 💫 ✨ ⭐ 🌟 💤`},
	{"people", `👍 👎 👌 ✌️ 🤞 🤟 🤘 👋 ✋ 👏 🙌 🫶 🤝 🙏 💪 ✊ 👊 👈 👉 👆 👇 👀 🧠 🤷 🤦 🙋 🙇 💃 🕺 🏃`},
	{"nature", `🌱 🌿 🍀 🌳 🌲 🌵 🌷 🌹 🌻 🌼 🌸 🍁 🍂 🍄 🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐸 🐵 🙈 🐔 🐧 🐦 🦉 🦄 🐝 🐛 🦋 🐌 🐢 🐍 🐙 🐟 🐬 🐳 🌍 🌙 ☀️ ⛅ 🌧️ ❄️ 🌈 🌊 ⚡ 🔥`},
	{"food", `🍎 🍋 🍌 🍉 🍓 🍒 🥑 🍅 🥕 🍞 🧀 🍕 🍟 🍔 🌮 🍜 🍣 🍮 🍰 🎂 🍪 🍫 🍿 ☕ 🍵 🍺 🍷 🥂`},
	{"activities", `🎉 🎊 🎈 🎁 🏆 🥇 ⚽ 🏀 🎾 🎮 🎲 🎨 🎭 🎵 🎶 🎸 🎧 🎤 🎬 📷 📚 ✏️ 💡 🔧 🔨 🧵 💻 📱 🚲 🚆 🚗 ✈️ 🚀 ⛵ 🏠 ⛰️ 🏖️ ⏰`},
	{"symbols", `✅ ❌ ❓ ❗ ‼️ ⚠️ 🚫 ♻️ ➕ ➖ ♾️ 🆗 🆕 🔝 ☮️ ☯️ 🏳️‍🌈 🏳️‍⚧️ 🏴‍☠️ 🏁`},
}

// EmojiGroups are the groups of the picker; with a query only emoji whose name,
// in a language or in English, holds each of its words. Case and accents do not
// matter.
func (s *Set) EmojiGroups(lang, query string) []EmojiGroup {
	words, here, english := strings.Fields(bare(query)), s.WordsIn(lang), s.Words()
	var groups []EmojiGroup
	for _, g := range emojiGroups {
		var list []string
		for _, e := range strings.Fields(g.list) {
			if len(words) == 0 || containsAll(bare(here.EmojiName(e)), words) || containsAll(bare(english.EmojiName(e)), words) {
				list = append(list, e)
			}
		}
		if len(list) > 0 {
			groups = append(groups, EmojiGroup{Title: "emoji.group_" + g.name, Emoji: list})
		}
	}
	return groups
}

// bare is a text in small letters without accents and vowel signs.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, strings.ReplaceAll(norm.NFKD.String(strings.ToLower(s)), "œ", "oe"))
}

func containsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// emojiNames is the table of what emoji are called.
const emojiNames = "emoji.name."

// EmojiName says an emoji in words; one without a name is itself, which screen
// readers can say.
func (c *Catalogue) EmojiName(e string) string {
	if key := emojiNames + e; c.Has(key) {
		return c.T(key)
	}
	return e
}
