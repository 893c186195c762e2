package templates

import "time"

// notifyPages are the pages about notifications and messages with everything on them.
func notifyPages() map[string]Page {
	posts := samplePosts()
	mine := posts[3]
	mine.Visibility = "direct"
	theirs := posts[2]
	theirs.Visibility = "direct"
	reply := sampleComposer("r", false)
	wrong := testFrame(true)
	wrong.Errors = []FieldError{{Field: "not_following", Msg: M("settings.choose")}}
	second, guarded := testFrame(true), testFrame(true)
	second.Errors = []FieldError{{Field: "code", Msg: M("second.wrong")}}
	guarded.Errors = []FieldError{{Field: "end_password", Msg: M("settings.password_wrong")}, {Field: "codes_password", Msg: M("settings.password_wrong")}}
	pager := Pager{Newer: "/messages?after=5", Older: "/messages?before=1"}
	row := ConversationRow{ID: 1, People: []Account{jonas, sam}, Excerpt: "Second frog, not the first", At: ago(time.Hour), Unread: true}
	return map[string]Page{
		"notifications-filtered": HeldPage{Frame: testFrame(true), Pager: pager, Rows: []HeldRow{
			{ID: 1, From: AccountCard{Account: jonas}, Count: 2, Excerpt: "Psst, seeds for sale", URL: "/@jonas@hollow.example/9", At: ago(time.Hour)}, {ID: 2, From: AccountCard{Account: owl}, Count: 1, At: ago(30 * time.Hour)}}},
		"settings-notifications": NotificationSettingsPage{Frame: wrong, Kinds: sampleKinds(),
			Policy: []PolicyRow{{"not_following", "x"}, {"not_followers", "accept"}, {"new_accounts", "filter"}},
			Woken:  []Woken{{ID: 1, Name: "Firefox on Linux", Since: ago(time.Hour), Here: true}, {ID: 2, Name: "Tusky", Since: ago(30 * time.Hour)}, {ID: 3, Since: ago(300 * time.Hour)}}, Key: "BPk-x"},
		"messages":          MessagesPage{Frame: testFrame(true), Pager: pager, Rows: []ConversationRow{row, {ID: 2, People: []Account{mira}, Excerpt: "See you", Mine: true, Muted: true, At: ago(50 * time.Hour)}, {ID: 3, Excerpt: "Buy twine", Mine: true, At: ago(90 * time.Hour)}}},
		"message":           MessagePage{Frame: testFrame(true), ConversationRow: row, Posts: []Post{theirs, mine}, Composer: &reply, Older: "/messages/1?before=5"},
		"login-second":      SecondPage{Frame: second, Next: "/home", Again: "/posts", Keep: []Pair{{"keep.text", "Moss & fern"}}},
		"settings-codes":    CodesPage{Frame: second, Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Size: 21, Squares: "M0 0h1v1h-1z"},
		"settings-recovery": RecoveryPage{Frame: testFrame(true), Codes: []string{"abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"}},
		"settings-guarded":  SecurityPage{Frame: guarded, Codes: CodesState{On: true, Since: ago(time.Hour), Recovery: 9}, Passkeys: []Passkey{{ID: 1, Name: "Phone", Created: ago(time.Hour)}, {ID: 2, Name: "Blue key", Created: ago(300 * time.Hour), Used: ago(time.Hour)}}, SignIns: []SignIn{{Way: "passkey"}, {Way: "code", Browser: "Firefox on Linux", Address: "203.0.113.9", At: ago(time.Hour)}, {Way: "failed", Browser: "Safari on iPhone", At: ago(2 * time.Hour)}, {Way: "recovery"}, {Way: "password"}}},
		"message-muted":     MessagePage{Frame: testFrame(true), ConversationRow: ConversationRow{ID: 2, Muted: true}, Posts: []Post{mine}, Newer: "/messages/1?after=5"},
	}
}

func sampleKinds() []KindRow {
	var rows []KindRow
	for i, k := range []string{"mention", "reply", "follow", "request", "followed", "favourite", "boost", "edit", "signup", "moved", "reaction", "poll", "quote", "asked", "report", "post"} {
		rows = append(rows, KindRow{Kind: k, Page: i%5 != 0, Push: i%2 == 0})
	}
	return rows
}

func emptyNotifyPages() map[string]Page {
	f := emptyFrame
	return map[string]Page{
		"notifications_filtered": HeldPage{Frame: f()}, "settings_notifications": NotificationSettingsPage{Frame: f()}, "login_second": SecondPage{Frame: f()}, "settings_codes": CodesPage{Frame: f()}, "settings_recovery": RecoveryPage{Frame: f()}, "settings_begun": SecurityPage{Frame: f(), Codes: CodesState{Pending: true}},
		"messages": MessagesPage{Frame: f()}, "message": MessagePage{Frame: f()},
	}
}
