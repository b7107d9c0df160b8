package main

import (
	"context"
	"errors"
	"strings"

	bot "github.com/micro/go-micro/agent/proto"
	"github.com/micro/go-micro/server"
)

// Command is a bot command in the release's own message types: it joins its words, `boom` makes it fail by its error field, and
// `refuse` by an error of the call.
type Command struct{ word string }

func (c *Command) Help(ctx context.Context, req *bot.HelpRequest, rsp *bot.HelpResponse) error {
	rsp.Usage = c.word + " [words]"
	rsp.Description = "Joins words in Go"
	return nil
}

func (c *Command) Exec(ctx context.Context, req *bot.ExecRequest, rsp *bot.ExecResponse) error {
	for _, word := range req.Args {
		if word == "boom" {
			rsp.Error = "it went boom"
			return nil
		}
		if word == "refuse" {
			return errors.New("refused by Go")
		}
	}
	rsp.Result = []byte(strings.Join(req.Args, " "))
	return nil
}

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

func (micro) Command(word string) interface{} { return &Command{word} }
func (micro) Stream() interface{}             { return &Count{} }
