// Package pagetest holds the tests that walk all pages of a whole server: a
// crawler that follows every link and submits every form, and Chromium, which
// opens each page and goes through the flows with scripts and without. It has
// no code of its own, and nothing imports it.
//
// Read village_test.go first: the place that is walked. The tests are skipped
// with -short. With SEEDLING_WALK=long, as .ci/run sets it, they walk every page
// as everybody at every width and in both themes, and miss a Chromium loudly
// instead of skipping.
package pagetest
