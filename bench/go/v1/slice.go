package main

import (
	"sort"
	"sync"
	"time"
)

// slice is so many calls at once for so long.
type slice struct {
	Concurrency int `json:"concurrency"`
	DurationMs  int `json:"durationMs"`
}

// measured has the names that the other contestants use.
type measured struct {
	Calls     int     `json:"calls"`
	PerSecond float64 `json:"perSecond"`
	MeanMs    float64 `json:"meanMs"`
	P50Ms     float64 `json:"p50Ms"`
	P90Ms     float64 `json:"p90Ms"`
	P99Ms     float64 `json:"p99Ms"`
	Failed    string  `json:"failed,omitempty"`
}

func (s slice) run(call func() error) measured {
	var lock sync.Mutex
	var all []float64
	var failed error
	started := time.Now()
	end := started.Add(time.Duration(s.DurationMs) * time.Millisecond)
	var group sync.WaitGroup
	for i := 0; i < s.Concurrency; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			var took []float64
			var err error
			for before := time.Now(); err == nil && before.Before(end); {
				err = call()
				now := time.Now()
				took = append(took, float64(now.Sub(before).Nanoseconds())/1e6)
				before = now
			}
			lock.Lock()
			defer lock.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = err
			}
		}()
	}
	group.Wait()
	seconds := time.Since(started).Seconds()
	sort.Float64s(all)
	if failed != nil {
		return measured{Failed: "a call failed: " + failed.Error()}
	}
	sum := 0.0
	for _, ms := range all {
		sum += ms
	}
	at := func(share float64) float64 { return all[int(float64(len(all)-1)*share)] }
	return measured{
		Calls:     len(all),
		PerSecond: float64(len(all)) / seconds,
		MeanMs:    sum / float64(len(all)),
		P50Ms:     at(0.5),
		P90Ms:     at(0.9),
		P99Ms:     at(0.99),
	}
}
