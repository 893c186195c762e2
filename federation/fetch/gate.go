package fetch

import (
	"context"
	"sync"
)

// gate lets a number of requests per host pass at once. It holds an entry only
// for hosts with a request under way or waiting.
type gate struct {
	size  int
	mu    sync.Mutex
	hosts map[string]*places
}

type places struct {
	taken chan struct{}
	users int // holding a place or waiting for one
}

func newGate(size int) *gate {
	return &gate{size: size, hosts: map[string]*places{}}
}

// enter waits for a place at a host and returns the function that gives it
// back, or nil if there was none before ctx ended.
func (g *gate) enter(ctx context.Context, host string) (leave func()) {
	p := g.join(host)
	select {
	case p.taken <- struct{}{}:
		return func() { <-p.taken; g.part(host) }
	case <-ctx.Done():
		g.part(host)
		return nil
	}
}

func (g *gate) join(host string) *places {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.hosts[host]
	if p == nil {
		p = &places{taken: make(chan struct{}, g.size)}
		g.hosts[host] = p
	}
	p.users++
	return p
}

func (g *gate) part(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.hosts[host]
	if p.users--; p.users == 0 {
		delete(g.hosts, host)
	}
}
