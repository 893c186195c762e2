package templates

// sampleShow is a panel with two kinds left out.
func sampleShow() *ShowPanel {
	return &ShowPanel{Action: "/home/show", Kinds: []ShownKind{{"boosts", true}, {"replies", false}, {"media", true}, {"text", true}, {"bots", false}}}
}

// withStrip puts boosts that are folded away before posts, and folds a thread
// into the first of those.
func withStrip(posts []Post) []Post {
	folded := posts[0]
	folded.ID, folded.Attachments, folded.Poll = 901, nil, nil
	list := append([]Post{{ID: folded.ID, Strip: []Post{folded}}}, posts...)
	list[1].More = 2
	return list
}

// nothingShown is a timeline whose panel was sent with nothing ticked.
func nothingShown(posts []Post) HomePage {
	frame := testFrame(true)
	frame.Errors = []FieldError{{Field: "media", Msg: M("timeline.show_nothing")}}
	return HomePage{Frame: frame, Kind: "local", Tabs: timelineTabs(), Posts: posts[:1], Show: sampleShow()}
}
