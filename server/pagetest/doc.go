// Package pagetest holds the tests that walk all pages of a whole server: a
// crawler that follows every link and submits every form, and Chromium, which
// opens each page and goes through the flows with scripts and without. It has
// no code of its own, and nothing imports it.
//
// Read village_test.go first: the place that is walked. The tests are skipped
// with -short. With SEEDLING_WALK=long, as .ci/run sets it, they walk every page
// as everybody at every width and in both themes, and miss a Chromium loudly
// instead of skipping.
//
// What the design wants of the pages (ui.md §6), and the tests that hold it,
// here where no package is named:
//
//	 1 axe-core                 TestPagesInABrowser; of dialogs and lists TestScriptsHelp
//	 2 without JavaScript       TestAServersStory, TestFlowsWithScriptsOffAndOn
//	 3 with it, and failing     the same; TestPagesWorkWhenEveryScriptFails, TestNoScriptHarmsAnother
//	 4 reflow and large text    TestPagesInABrowser, TestHowPagesBehave; templates: TestPagesReflow
//	 5 contrast                 static: TestContrast
//	 6 right to left            TestHowPagesBehave, TestPagesInABrowser
//	 7 keyboard                 TestHowPagesBehave
//	 8 budgets                  TestHowPagesBehave; static: TestFirstViewIsSmall; server/web: the benchmarks
//	 9 content security policy  TestEveryLinkAndForm, TestPagesInABrowser; templates: TestEveryPageIsSound
//	10 HTML                     templates: TestEveryPageIsSound; server/web: TestPagesAreSound, TestEveryFormNeedsItsToken
//	11 nothing lost             server/web: TestNothingTypedIsLost; TestScriptsHelp; server: TestFullDisk
//	12 nothing twice            TestEveryFormTwice, TestBackReloadAndASecondTab; server/web: TestTwoPressesMakeOneThing
//	13 negotiation              server/web: TestNegotiation, TestDeletedPostIsGone, TestUnknownAndPrivateLookAlike
//	14 motion, colours, print   TestHowPagesBehave
//	15 strings                  templates: TestEveryMessageExistsAndIsUsed, TestPseudoLocale
//	16 the drawings             TestHowPagesBehave; TestScreenshots leaves pictures in .shots for people
//
// Bad input: server/web's TestNoFormFails sends every form bodies that are
// missing, oversized, repeated, malformed and forged, TestEdit and draft_test.go
// stale ones, and TestWhatIsHiddenLooksAsWhatNeverWas asks for what is hidden.
package pagetest
