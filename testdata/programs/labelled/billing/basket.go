package billing

import "sort"

// Prices are what a shop charges.
type Prices struct {
	cents    map[string]int64
	discount map[string]int64
}

// NewPrices takes the prices of the rows.
func NewPrices(rows []Row) *Prices {
	p := &Prices{cents: make(map[string]int64, len(rows)), discount: make(map[string]int64, len(rows))}
	for _, r := range rows {
		p.cents[r.SKU] = r.Cents
		p.discount[r.SKU] = r.Cents / 10
	}
	return p
}

// Total adds a basket up.
//
// Planted, D02: each article is looked up five times in two maps.
func (p *Prices) Total(basket []Row) int64 {
	var total int64
	for _, item := range basket {
		if _, known := p.cents[item.SKU]; !known {
			continue
		}
		if p.discount[item.SKU] > p.cents[item.SKU] {
			continue
		}
		total += int64(item.Quantity) * (p.cents[item.SKU] - p.discount[item.SKU])
	}
	return total
}

// Purchases counts what was bought of each article.
//
// Planted, D01: a map of known size that starts empty.
func Purchases(rows []Row) map[string]int {
	bought := map[string]int{}
	for _, r := range rows {
		bought[r.SKU] += r.Quantity
	}
	return bought
}

// Ranking holds rows ordered by price; its memory is used again.
type Ranking struct{ rows []Row }

// Sort orders rows by price.
//
// Planted, D10: sort.Slice swaps by reflection.
func (k *Ranking) Sort(rows []Row) []Row {
	k.rows = append(k.rows[:0], rows...)
	sort.Slice(k.rows, func(i, j int) bool { return k.rows[i].Cents < k.rows[j].Cents })
	return k.rows
}
