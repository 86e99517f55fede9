package main

import (
	"context"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"example.com/labelled/api"
	"example.com/labelled/auth"
	"example.com/labelled/billing"
	"example.com/labelled/files"
	"example.com/labelled/fixtures"
	"example.com/labelled/flow"
	"example.com/labelled/gateway"
	"example.com/labelled/jobs"
	"example.com/labelled/journal"
	"example.com/labelled/media"
	"example.com/labelled/search"
	"example.com/labelled/sessions"
	"example.com/labelled/steady"
	"example.com/labelled/stock"
	"example.com/labelled/wire"
)

// What workloads compute goes here, so that the compiler keeps it.
var (
	sink     int
	sinkText string
	sinkAny  any
)

// repeat calls f until the time is up.
func repeat(f func(i int)) func(until func() bool) {
	return func(until func() bool) {
		for i := 0; !until(); i++ {
			f(i)
		}
	}
}

// together calls f from several goroutines until the time is up.
func together(goroutines int, f func(g, i int)) func(until func() bool) {
	return func(until func() bool) {
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				for i := 0; !until(); i++ {
					f(g, i)
				}
			})
		}
		wg.Wait()
	}
}

// workloads prepare their data and return the work.
var workloads = map[string]func() func(until func() bool){
	// Text and parsing.
	"concat": func() func(func() bool) {
		rows := billing.Rows(600)
		return repeat(func(int) { sinkText = billing.Export(rows) })
	},
	"conversion": func() func(func() bool) {
		message := append([]byte("orders "), make([]byte, 700)...)
		return repeat(func(int) { sink += len(wire.Topic(message)) })
	},
	"sprintf": func() func(func() bool) {
		requests := api.Requests(512)
		return repeat(func(i int) { sinkText = api.ShardKey(&requests[i%512]) })
	},
	"regexp-compile": func() func(func() bool) {
		requests := api.Requests(64)
		return repeat(func(i int) {
			if api.Routed(&requests[i%64]) {
				sink++
			}
		})
	},
	"regexp-match": func() func(func() bool) {
		requests := api.Requests(64)
		return repeat(func(i int) { sink += api.Sensitive(&requests[i%64]) })
	},
	"split": func() func(func() bool) {
		requests := api.Requests(64)
		return repeat(func(i int) {
			if api.Status(requests[i%64].Line) {
				sink++
			}
		})
	},
	"json": func() func(func() bool) {
		return repeat(func(int) { sinkText = api.Customer(api.Body) })
	},
	"reflection": func() func(func() bool) {
		message := make([]byte, 32)
		return repeat(func(int) {
			h, _ := wire.ReadHeader(message)
			sink += int(h.Kind)
		})
	},
	"template": func() func(func() bool) {
		items := []string{"tea", "milk", "bread"}
		return repeat(func(int) { must(api.Letter(io.Discard, "Ann", items)) })
	},
	"time-parse": func() func(func() bool) {
		now, line := time.Now(), api.Requests(1)[0].Line
		return repeat(func(int) { sink += int(api.Age(line, now)) })
	},
	"errors": func() func(func() bool) {
		fields := []string{"", "none", "a few", "many"}
		return repeat(func(i int) {
			n, err := api.Quantity(fields[i%len(fields)])
			if err == nil {
				sink += n
			}
		})
	},
	"sniffing": func() func(func() bool) {
		upload := slices.Repeat([]byte("plain words and more of them "), 40)
		return repeat(func(int) {
			if api.Binary(upload) {
				sink++
			}
		})
	},

	// Data and language.
	"map-growth": func() func(func() bool) {
		rows := billing.Rows(20_011)
		return repeat(func(int) { sink += len(billing.Purchases(rows)) })
	},
	"map-access": func() func(func() bool) {
		rows := billing.Rows(4001)
		prices := billing.NewPrices(rows)
		return repeat(func(int) { sink += int(prices.Total(rows)) })
	},
	"slice-growth": func() func(func() bool) {
		rows := billing.Rows(5003)
		return repeat(func(int) { sink += len(billing.Positive(rows)) })
	},
	"boxing": func() func(func() bool) {
		r := wire.NewRecorder(1024)
		return repeat(func(i int) { r.Record(float64(i)+0.5, i+1000) })
	},
	"pool-slices": func() func(func() bool) {
		return repeat(func(i int) { sink += wire.Encode(uint64(i), 7) })
	},
	"large-copy": func() func(func() bool) {
		board := stock.NewBoard()
		return repeat(func(i int) { sink += int(board.Level(i)) })
	},
	"defer-loop": func() func(func() bool) {
		accounts := wire.NewAccounts(300)
		return repeat(func(i int) { accounts.Credit(int64(i)) })
	},
	"panic-flow": func() func(func() bool) {
		short := []byte("short")
		return repeat(func(int) {
			kind, err := wire.Kind(short)
			if err == nil {
				sink += int(kind)
			}
		})
	},
	"stack-growth": func() func(func() bool) {
		return repeat(func(int) { sink += flow.Nest(8, 90) })
	},
	"sort-slice": func() func(func() bool) {
		rows := billing.Rows(4001)
		var ranking billing.Ranking
		return repeat(func(int) { sink += len(ranking.Sort(rows)) })
	},
	"context-chain": func() func(func() bool) {
		ctx := api.WithSteps(context.Background(), 40)
		return repeat(func(int) { sink += api.Tenant(ctx) })
	},
	"interface-compare": func() func(func() bool) {
		filter := wire.Filter{}
		for i := range 40 {
			filter.Values = append(filter.Values, billing.Row{SKU: "a", Quantity: 1, Cents: int64(i)})
		}
		var value any = billing.Row{SKU: "a", Quantity: 1, Cents: 39}
		return repeat(func(int) {
			if filter.Matches(value) {
				sink++
			}
		})
	},

	// Memory.
	"gc": func() func(func() bool) {
		index := search.Build(17, 1)
		return func(until func() bool) {
			together(4, func(g, i int) {
				if search.Build(11, i) == nil {
					sink++
				}
			})(until)
			runtime.KeepAlive(index)
		}
	},
	"write-barrier": func() func(func() bool) {
		debug.SetGCPercent(10)
		feed := search.NewFeed(1_000_000)
		return repeat(func(i int) {
			feed.Touch(i*20_000, 20_000)
			sinkAny = search.Build(9, i)
		})
	},
	"alloc": func() func(func() bool) {
		a, b := make([]search.Point, 1000), make([]search.Point, 1000)
		into := make([]*search.Point, 0, 1000)
		return repeat(func(int) { into = search.Middle(a, b, into) })
	},
	"zeroing": func() func(func() bool) {
		return repeat(func(i int) { sink += media.Thumbnail(byte(i)) })
	},
	"explicit-gc": func() func(func() bool) {
		index := search.Build(12, 1)
		return func(until func() bool) {
			var stats runtime.MemStats
			for !until() {
				runtime.GC()
				runtime.ReadMemStats(&stats)
			}
			runtime.KeepAlive(index)
		}
	},

	// Files, network, clock.
	"unbuffered": func() func(func() bool) {
		f, err := os.CreateTemp("", "report")
		must(err)
		must(os.Remove(f.Name()))
		return repeat(func(int) { must(files.WriteReport(f, 1000)) })
	},
	"syscalls": func() func(func() bool) {
		dir := temporary("settings")
		must(files.Plant(dir, 1, 5))
		settings, err := filepath.Glob(dir + "/*/*")
		must(err)
		return repeat(func(int) {
			if files.Reloaded(settings, 0) {
				sink++
			}
		})
	},
	"walk": func() func(func() bool) {
		dir := temporary("orders")
		must(files.Plant(dir, 20, 60))
		return repeat(func(int) {
			n, err := files.Count(dir)
			must(err)
			sink += n
		})
	},
	"exec": func() func(func() bool) {
		return repeat(func(int) { must(files.Hook("/bin/true")) })
	},
	"http-connections": func() func(func() bool) {
		asker := gateway.NewAsker(httptest.NewServer(gateway.Shop()))
		return repeat(func(int) {
			_, err := asker.InStock()
			must(err)
		})
	},
	"tls": func() func(func() bool) {
		asker := gateway.NewSecureAsker(httptest.NewTLSServer(gateway.Shop()))
		return repeat(func(int) {
			_, err := asker.InStock()
			must(err)
		})
	},
	"hash": func() func(func() bool) {
		picture := make([]byte, 64<<10)
		return repeat(func(int) { sink += int(media.Digest(picture)[0]) })
	},
	"crypto-rand": func() func(func() bool) {
		return repeat(func(int) {
			b, err := auth.Jitter(32)
			must(err)
			sink += len(b)
		})
	},
	"compression": func() func(func() bool) {
		packer := media.NewPacker()
		answer := []byte(billing.Export(billing.Rows(900)))
		return repeat(func(int) { must(packer.Pack(answer)) })
	},
	"logging": func() func(func() bool) {
		log := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{AddSource: true}))
		return repeat(func(i int) { journal.Sold(log, "tea", int64(i), 3*time.Millisecond) })
	},
	"caller": func() func(func() bool) {
		return repeat(func(int) { sink += journal.Begin().Line })
	},
	"whole-file": func() func(func() bool) {
		path := filepath.Join(temporary("lines"), "orders.csv")
		must(os.WriteFile(path, []byte(billing.Export(billing.Rows(3000))), 0o644))
		return repeat(func(int) {
			n, err := media.Lines(path)
			must(err)
			sink += n
		})
	},
	"clock": func() func(func() bool) {
		var l journal.Latencies
		values := make([]int, 500)
		return repeat(func(int) { sink += l.Measure(values) })
	},
	"timers": func() func(func() bool) {
		return func(until func() bool) { flow.Retry(500, 100*time.Microsecond, until) }
	},

	// Goroutines that work together.
	"channels": func() func(func() bool) {
		return func(until func() bool) { sink += flow.Sum(1000, 4, until) }
	},
	"polling": func() func(func() bool) {
		return func(until func() bool) { sink += flow.Poll(make(chan flow.Order), until) }
	},
	"select": func() func(func() bool) {
		return func(until func() bool) {
			north, south, stop := make(chan flow.Order), make(chan flow.Order), make(chan struct{})
			go flow.Feed(north, stop)
			go flow.Feed(south, stop)
			go func() {
				for !until() {
					time.Sleep(10 * time.Millisecond)
				}
				close(stop)
			}()
			sink += flow.Merge(north, south, stop)
		}
	},
	"goroutine-churn": func() func(func() bool) {
		totals := make([]int, 500)
		return repeat(func(int) { flow.Apply(totals) })
	},
	"mutex": func() func(func() bool) {
		var c stock.Counter
		return together(8, func(_, i int) { c.Take(i) })
	},
	"rwmutex": func() func(func() bool) {
		var s stock.Shelf
		return together(4, func(_, i int) { s.Look(i) })
	},
	"sync-map": func() func(func() bool) {
		var p stock.Prices
		return together(2, func(g, i int) {
			article := i * 2654435761 % 20_000
			p.Set(article, i)
			if i%4 == 0 {
				p.Get(article + g)
			}
		})
	},
	"ledger": func() func(func() bool) {
		l := stock.NewLedger(4000)
		return together(8, func(g, i int) { l.Post(i*7 + g) })
	},
	"shelf-writers": func() func(func() bool) {
		var s stock.Shelf
		return together(8, s.Set)
	},
	"workers": func() func(func() bool) {
		return func(until func() bool) {
			flow.Dispatch(2, func(flow.Order) { time.Sleep(2 * time.Millisecond) }, until)
		}
	},

	// What says little.
	"short": func() func(func() bool) {
		rows := billing.Rows(600)
		return repeat(func(int) { sinkText = billing.Export(rows) })
	},
	"harness": func() func(func() bool) {
		r := rand.New(rand.NewPCG(1, 2))
		orders := make([]int, 2000)
		return repeat(func(int) {
			fixtures.GenerateOrders(r, orders)
			sink += slices.Max(orders)
		})
	},
	"truncated": func() func(func() bool) {
		chain := search.Chain(160)
		return repeat(func(int) { sink += search.Depth(chain) })
	},
	"idle": func() func(func() bool) {
		return func(until func() bool) { sink += flow.Tick(20*time.Millisecond, until) }
	},
	"clean": func() func(func() bool) {
		columns := steady.Columns(64, 4096)
		return func(until func() bool) { steady.Summarise(columns, runtime.GOMAXPROCS(0), until) }
	},

	// Memory that stays.
	"leak": func() func(func() bool) {
		tracker, id := sessions.NewTracker(), 0
		return func(func() bool) {
			for range 12_000 {
				id++
				sink += len(tracker.Open(id).Basket)
			}
			sinkAny = tracker
			time.Sleep(1200 * time.Millisecond)
		}
	},
	"catalogue": func() func(func() bool) {
		var c sessions.Catalogue
		return func(func() bool) {
			c.Load(1200)
			sinkAny = &c
		}
	},
	"page-cache": func() func(func() bool) {
		c := sessions.NewPageCache()
		return func(func() bool) {
			for i := range 14_000 {
				sink += len(c.Remember(i))
			}
			sinkAny = c
		}
	},
	"churn": func() func(func() bool) {
		tracker := sessions.NewTracker()
		return func(func() bool) {
			for i := range 2_000 {
				sink += len(tracker.Open(i).Basket)
			}
			for i := range 200_000 {
				sinkAny = sessions.Scratch(i)
			}
			sinkAny = tracker
		}
	},

	// Goroutines that stay.
	"fan-in": func() func(func() bool) {
		return once(func() {
			for range 30 {
				sink += jobs.Ask(6)
			}
		})
	},
	"janitors": func() func(func() bool) {
		return once(func() {
			for i := range 40 {
				if jobs.NewQuota(i) == nil {
					sink++
				}
			}
		})
	},
	"convoy": func() func(func() bool) {
		return once(func() {
			var p jobs.Printer
			paper := make(chan struct{})
			for range 9 {
				go p.Print(paper)
			}
		})
	},
	"never": func() func(func() bool) {
		return once(func() {
			var m jobs.Mailbox
			go m.Read()
			go m.Write("dear shop")
			go jobs.Serve()
		})
	},
	"long-wait": func() func(func() bool) {
		return once(func() {
			sink += jobs.Ask(4)
			runtime.GC()
			time.Sleep(125 * time.Second)
		})
	},
	"deadlock": func() func(func() bool) {
		return func(func() bool) {
			var a, b jobs.Printer
			var both, ends sync.WaitGroup
			both.Add(2)
			ends.Go(func() { jobs.Transfer(&a, &b, &both) })
			ends.Go(func() { jobs.Transfer(&b, &a, &both) })
			ends.Wait()
		}
	},
	"database": func() func(func() bool) {
		db := jobs.OpenArchive()
		return once(func() {
			for range 10 {
				go jobs.Look(context.Background(), db)
			}
		})
	},
	"http-bodies": func() func(func() bool) {
		asker, _ := gateway.NewPeeker()
		return once(func() {
			for range 60 {
				_, err := asker.Peek()
				must(err)
			}
		})
	},
}

// once runs f and lets what it started get to where it waits.
func once(f func()) func(func() bool) {
	return func(func() bool) {
		f()
		time.Sleep(200 * time.Millisecond)
	}
}

func temporary(name string) string {
	dir, err := os.MkdirTemp("", name)
	must(err)
	return dir
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
