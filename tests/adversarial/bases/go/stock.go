// Package stock counts what is on the shelves.
package stock

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// ErrShort is returned when more is taken than there is.
var ErrShort = errors.New("not enough in stock")

// Stock is a number of pieces by name.
type Stock map[string]int

// Add puts pieces on the shelf.
func (s Stock) Add(name string, pieces int) {
	s[name] += pieces
}

// Take removes pieces from the shelf.
func (s Stock) Take(name string, pieces int) error {
	if s[name] < pieces {
		return ErrShort
	}
	s[name] -= pieces
	return nil
}

// Report lists all names in order.
func (s Stock) Report() string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	sort.Strings(names)
	var report strings.Builder
	for _, name := range names {
		fmt.Fprintf(&report, "%-8s %4d\n", name, s[name])
	}
	return report.String()
}
