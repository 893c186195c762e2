//go:build !unix

package media

// beNice does nothing where there are no priorities of this kind.
func beNice(int) {}
