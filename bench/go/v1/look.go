package main

import (
	"time"

	"github.com/micro/go-micro/registry"
)

// looked is one lookup, by a registry that has not heard of anybody yet.
type looked struct {
	Ms     float64 `json:"ms"`
	Nodes  int     `json:"nodes"`
	Failed string  `json:"failed,omitempty"`
}

func look(service string) looked {
	directory := registry.NewRegistry()
	started := time.Now()
	found, err := directory.GetService(service)
	ms := float64(time.Since(started).Nanoseconds()) / 1e6
	if err != nil {
		return looked{Failed: err.Error()}
	}
	nodes := 0
	for _, one := range found {
		nodes += len(one.Nodes)
	}
	return looked{Ms: ms, Nodes: nodes}
}
