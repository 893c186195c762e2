package templates

import "strings"

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

// EmojiGroups are the groups of the picker; with a query only emoji whose name
// holds each of its words.
func (s *Set) EmojiGroups(query string) []EmojiGroup {
	words := strings.Fields(strings.ToLower(query))
	var groups []EmojiGroup
	for _, g := range emojiGroups {
		var list []string
		for _, e := range strings.Fields(g.list) {
			if containsAll(strings.ToLower(s.Words().EmojiName(e)), words) {
				list = append(list, e)
			}
		}
		if len(list) > 0 {
			groups = append(groups, EmojiGroup{Title: "emoji.group_" + g.name, Emoji: list})
		}
	}
	return groups
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
