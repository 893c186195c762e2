// Package vocab is the door between ActivityStreams JSON and Go values: it
// reads what other servers send and builds what we send. It knows nothing of
// SQL, HTTP or keys, decides nothing about who may do what, and leaves foreign
// HTML as it came: sanitising is the work of store/content.
//
// Reading. [Parse] checks a document once, strictly as JSON, and gives a
// [Value]; its methods [Value.Activity], [Value.Actor], [Value.Object] and
// [Value.Collection] read it leniently: every property may be absent, null,
// empty, one value or an array. The input is taken as plain JSON in the
// compacted shapes that servers really send. JSON-LD is not processed and no
// context is ever fetched, so a document that renames properties through its
// own context, or hides them in @graph or @reverse, is simply not understood.
// Reading does not go through activity/streams: that library refuses types it
// does not know (EmojiReact), drops fractional seconds and some values, and is
// too slow for the inbox.
//
// Writing. Everything we send is built from activity/streams types and turned
// into a map by streams.Serialize. Two things are then done to that map. Keys
// the library lacks (indexable, conversation, webfinger and so on) or writes
// in a way that trips others (one recipient as a bare string, times without
// milliseconds) are set, and @context is rebuilt from the terms really used,
// because some peers process JSON-LD and drop what is not defined. See
// [ActorDoc], [NoteDoc] and [Envelope].
//
// This is the only package that may import activity/streams. Besides it, the
// standard library is all it needs.
package vocab
