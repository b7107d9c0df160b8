package main

import (
	"context"

	"go-micro.dev/v6/server"
)

// Count streams.
type Count struct{}

type Limit struct {
	To int64 `json:"to"`
}

type Number struct {
	N int64 `json:"n"`
}

// Up sends the numbers from 1 to the limit.
func (c *Count) Up(ctx context.Context, stream server.Stream) error {
	limit := Limit{}
	if err := stream.Recv(&limit); err != nil {
		return err
	}
	for n := int64(1); n <= limit.To; n++ {
		if err := stream.Send(&Number{N: n}); err != nil {
			return err
		}
	}
	return nil
}

func (micro) Stream() interface{} { return &Count{} }
