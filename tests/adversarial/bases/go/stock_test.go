package stock

import (
	"errors"
	"os"
	"testing"
)

func TestAdd(t *testing.T) {
	s := Stock{}
	s.Add("tea", 2)
	s.Add("tea", 3)
	if s["tea"] != 5 {
		t.Errorf("got %d, want 5", s["tea"])
	}
}

func TestTake(t *testing.T) {
	for _, c := range []struct {
		name   string
		pieces int
		want   error
		left   int
	}{
		{"some", 2, nil, 3},
		{"all", 5, nil, 0},
		{"too many", 6, ErrShort, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Stock{"tea": 5}
			if err := s.Take("tea", c.pieces); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if s["tea"] != c.left {
				t.Errorf("%d left, want %d", s["tea"], c.left)
			}
		})
	}
}

func TestReport(t *testing.T) {
	want, err := os.ReadFile("testdata/report.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got := (Stock{"tea": 5, "kettle": 1}).Report(); got != string(want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
