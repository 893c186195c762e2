package live

import (
	"bytes"
	"encoding/json"
)

// message is what a stream is told, before it is written for one kind of stream.
type message struct {
	event   string
	payload []byte // JSON or an id; nil: there is none
}

// frame is the message for a socket, where the payload is text inside of JSON
// and the channel is named.
func (m message) frame(c channel) []byte {
	v := struct {
		Stream  []string `json:"stream"`
		Event   string   `json:"event"`
		Payload *string  `json:"payload,omitempty"`
	}{Stream: c.name, Event: m.event}
	if m.payload != nil {
		text := string(m.payload)
		v.Payload = &text
	}
	b, _ := json.Marshal(v) // strings alone: it can't fail
	return b
}

// line is the message as a server-sent event (HTML §9.2.6). An event without
// data would not be heard.
func (m message) line() []byte {
	payload := m.payload
	if payload == nil {
		payload = []byte("{}")
	}
	var b bytes.Buffer
	b.Grow(len(payload) + len(m.event) + 20)
	b.WriteString("event: " + m.event + "\ndata: ")
	b.Write(payload) // JSON has no line breaks
	b.WriteString("\n\n")
	return b.Bytes()
}

// written keeps what a message looks like on the wire, so that it is written
// once for all who get the same.
type written map[writtenKey][]byte

type writtenKey struct {
	look    any    // of the payload
	channel string // "": server-sent
}

// to returns the bytes of a message for a stream.
func (w written) to(st *stream, c channel, look any, m message) []byte {
	key := writtenKey{look: look}
	if st.framed {
		key.channel = c.key()
	}
	b := w[key]
	if b == nil {
		if b = m.line(); st.framed {
			b = m.frame(c)
		}
		w[key] = b
	}
	return b
}
