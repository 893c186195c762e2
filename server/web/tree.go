package web

import (
	"cmp"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// Bounds of one page of a thread.
const (
	threadPosts  = 100 // replies; what is more stands on pages of its own
	threadDepth  = 4   // how deep replies are indented; in narrow windows one level less
	threadPeople = 8   // in the list beside it
)

// tree lays out the posts of a thread and counts what is in it.
type tree struct {
	*cards
	root     *store.PostView // who started it, if that is known
	room     int             // how many more replies fit on the page
	replies  int             // all that the viewer can see, shown or not
	warnings bool
	posts    map[int64]int // by author
	authors  []*store.Account
}

func newTree(c *cards, t *store.Thread) *tree {
	b := &tree{cards: c, room: threadPosts, posts: map[int64]int{}, root: t.Post}
	if len(t.Ancestors) > 0 {
		b.root = t.Ancestors[0]
	}
	if t.ParentMissing {
		b.root = nil
	}
	return b
}

// card is a post of the thread, with its tag; it is counted.
func (b *tree) card(v *store.PostView) templates.Post {
	p := b.post(v)
	switch {
	case p.Mine:
		p.Tag = "post.you"
	case b.root != nil && v.AccountID == b.root.AccountID && v.ID != b.root.ID:
		p.Tag = "post.started"
	}
	b.warnings = b.warnings || v.ContentWarning != ""
	if b.posts[v.AccountID] == 0 {
		b.authors = append(b.authors, v.Author)
	}
	b.posts[v.AccountID]++
	return p
}

// node is a post without what is below it, or the place of one that is not shown.
func (b *tree) node(v *store.PostView) templates.Node {
	if v == nil {
		return templates.Node{Gap: "hidden"}
	}
	p := b.card(v)
	return templates.Node{Post: &p}
}

// lay fills in the replies, from the one that ?from= counts to, as many
// branches as fit. One branch is shown in any case, cut where it has to be.
func (b *tree) lay(r *request, p *templates.ThreadPage, replies []*store.Reply) {
	b.replies = countPosts(replies)
	parents := map[int64]*store.PostView{}
	if p.Flat {
		replies = inARow(replies, nil, parents)
	}
	if p.Sort == "new" {
		replies = slices.Clone(replies)
		slices.SortStableFunc(replies, func(x, y *store.Reply) int { return cmp.Compare(replyID(y), replyID(x)) })
	}
	from := int(min(positive(r.query("from")), int64(len(replies))))
	for i, reply := range replies[from:] {
		if i > 0 && b.room <= 0 {
			p.MoreURL = threadURL(r, "from", strconv.Itoa(from+i))
			return
		}
		n := b.branch(reply, 1)
		if p.Flat {
			b.answers(&n, parents[replyID(reply)])
		}
		if at := len(p.Replies) - 1; at >= 0 && n.Post != nil {
			p.Replies[at].Next = n.Post.ID
		}
		p.Replies = append(p.Replies, n)
	}
}

// inARow is all replies and what is below them, by time, and notes which post
// each answers, if it is not the thread's own. Places of posts that are not
// shown have none in a row.
func inARow(replies []*store.Reply, parent *store.PostView, parents map[int64]*store.PostView) []*store.Reply {
	var list []*store.Reply
	for _, r := range replies {
		if r.Post != nil {
			list = append(list, &store.Reply{Post: r.Post})
			parents[r.Post.ID] = parent
		}
		list = append(list, inARow(r.Children, r.Post, parents)...)
	}
	slices.SortFunc(list, func(x, y *store.Reply) int { return cmp.Compare(x.Post.ID, y.Post.ID) })
	return list
}

func replyID(r *store.Reply) int64 {
	if r.Post == nil {
		return 0
	}
	return r.Post.ID
}

func countPosts(replies []*store.Reply) int {
	n := 0
	for _, r := range replies {
		if r.Post != nil {
			n++
		}
		n += countPosts(r.Children)
	}
	return n
}

// branch is a reply with what is below it, as far as there is room. Below the
// deepest indent the rest stands in a row, each post saying whom it answers.
func (b *tree) branch(r *store.Reply, depth int) templates.Node {
	n := b.node(r.Post)
	b.room--
	if depth == threadDepth {
		goOn(&n, r, b.row(&n.Children, r))
		return n
	}
	children := r.Children
	if n.GoesOn = goesOn(r); n.GoesOn {
		b.chain(&n, r, depth)
		children = nil
	}
	for i, child := range children {
		if b.room <= 0 {
			goOn(&n, r, countPosts(children[i:]))
			break
		}
		c := b.branch(child, depth+1)
		if depth+1 == threadDepth {
			b.answers(&c, r.Post)
			c.Narrow = true
		}
		n.Children = append(n.Children, c)
	}
	if depth == 1 || len(n.Children) > 1 { // not each step of a talk between two
		n.Below = below(n)
	}
	return n
}

// goesOn says whether the only reply to a post is one in which its author goes on.
func goesOn(r *store.Reply) bool {
	return r.Post != nil && len(r.Children) == 1 && r.Children[0].Post != nil && r.Children[0].Post.AccountID == r.Post.AccountID
}

// chain lays the posts in which the author of n goes on one below the other, with
// what is below the last. They are indented no more than n is.
func (b *tree) chain(n *templates.Node, r *store.Reply, depth int) {
	for at := n; goesOn(r); at = &n.Children[len(n.Children)-1] {
		if b.room <= 0 {
			goOn(at, r, countPosts(r.Children))
			return
		}
		var c templates.Node
		if r = r.Children[0]; goesOn(r) {
			c = b.node(r.Post)
			b.room--
		} else if c = b.branch(r, depth); len(c.Children) < 2 {
			c.Below = 0 // it folds with those before it
		}
		n.Children = append(n.Children, c)
	}
}

// answers makes a reply say which post it answers.
func (b *tree) answers(n *templates.Node, parent *store.PostView) {
	if parent != nil {
		n.To, n.ToID = b.account(parent.Author).Handle(), parent.ID
	}
}

// below counts the posts of a branch that are on the page, without its first.
func below(n templates.Node) int {
	count := 0
	for _, c := range n.Children {
		if c.Post != nil {
			count++
		}
		count += below(c)
	}
	return count
}

// row appends everything below a reply, one after the other, and says how many
// posts found no room.
func (b *tree) row(list *[]templates.Node, r *store.Reply) (left int) {
	for i, child := range r.Children {
		if b.room <= 0 {
			return countPosts(r.Children[i:])
		}
		n := b.node(child.Post)
		b.room--
		b.answers(&n, r.Post)
		at := len(*list)
		*list = append(*list, n)
		rest := b.row(list, child) // may move the list
		goOn(&(*list)[at], child, rest)
	}
	return 0
}

// goOn links from a reply to its own page, where the rest of its branch is.
func goOn(n *templates.Node, r *store.Reply, left int) {
	if left > 0 && r.Post != nil {
		n.Continue, n.More = r.Post.Path(), left
	}
}

// people are who wrote in the part of the thread that is shown.
func (b *tree) people() []templates.ThreadPerson {
	if len(b.authors) < 2 {
		return nil
	}
	var list []templates.ThreadPerson
	for _, a := range b.authors[:min(len(b.authors), threadPeople)] {
		list = append(list, templates.ThreadPerson{
			Account: b.account(a), Posts: b.posts[a.ID], Started: b.root != nil && a.ID == b.root.AccountID,
		})
	}
	return list
}
