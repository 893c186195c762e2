package throttle

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottleKeepsToItsMemory(t *testing.T) {
	now := time.Now()
	th := New(1, time.Minute)
	th.Take("victim", now)
	for i := range 100_000 {
		th.Take(strconv.Itoa(i), now)
	}
	if th.Take("victim", now).Wait == 0 {
		t.Error("a flood of keys let a throttled key try again")
	}
	if th.Take("victim", now.Add(time.Minute)).Wait != 0 {
		t.Error("still throttled after the window")
	}
	th.Take("back", now.Add(time.Hour))
	if th.Take("back", now).Wait != 0 { // the clock was set back
		t.Error("throttled for longer than the window by a clock set back")
	}
}
