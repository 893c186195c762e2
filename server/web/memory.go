package web

// GarbagePercent is how much garbage may gather, in percent of what is alive,
// before the collector runs: the setting of GOGC that the server runs with and
// that its pages are measured with. What is alive is a few megabytes, and at Go's
// usual 100 a sixth of a page's time went into collecting.
const GarbagePercent = 300
