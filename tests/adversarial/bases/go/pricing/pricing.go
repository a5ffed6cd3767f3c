// Package pricing knows what a piece costs.
package pricing

// Price is in cents; ten pieces or more are a tenth cheaper.
func Price(unit, pieces int) int {
	total := unit * pieces
	if pieces >= 10 {
		total -= total / 10
	}
	return total
}
