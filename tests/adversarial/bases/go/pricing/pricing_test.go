package pricing

import "testing"

func TestPrice(t *testing.T) {
	if got := Price(100, 3); got != 300 {
		t.Errorf("got %d, want 300", got)
	}
}

func TestPriceOfMany(t *testing.T) {
	if got := Price(100, 10); got != 900 {
		t.Errorf("got %d, want 900", got)
	}
}
