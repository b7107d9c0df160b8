// Package peer is what the Go programs have in common: the handlers they serve and their command line. It knows nothing of
// go-micro; each program brings its release as a Micro.
package peer

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"
)

// Say is served by `serve greeter`.
type Say struct {
	micro   Micro
	service string
	flaky   *int32
}

type Request struct {
	Name string `json:"name"`
}

type Response struct {
	Msg string `json:"msg"`
}

func newSay(micro Micro, service string) *Say {
	return &Say{micro: micro, service: service, flaky: new(int32)}
}

func (s *Say) Hello(ctx context.Context, req *Request, rsp *Response) error {
	rsp.Msg = "Hello " + req.Name
	return nil
}

// Fail answers with a 404.
func (s *Say) Fail(ctx context.Context, req *Request, rsp *Response) error {
	return s.micro.Error(s.service, "no such thing "+req.Name, 404)
}

// Flaky answers its first call with a 500: who tries again is served.
func (s *Say) Flaky(ctx context.Context, req *Request, rsp *Response) error {
	if atomic.AddInt32(s.flaky, 1) == 1 {
		return s.micro.Error(s.service, "not yet", 500)
	}
	rsp.Msg = "Hello again " + req.Name
	return nil
}

type Headers struct {
	Headers map[string]string `json:"headers"`
}

// Meta answers with the metadata it was called with.
func (s *Say) Meta(ctx context.Context, req *Request, rsp *Headers) error {
	rsp.Headers = s.micro.Headers(ctx)
	return nil
}

// Slow answers when the caller's time is over, or after a minute.
func (s *Say) Slow(ctx context.Context, req *Request, rsp *Response) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Minute):
		rsp.Msg = "late"
		return nil
	}
}

// Echo is served by `serve greeter` beside Say.
type Echo struct{}

type Numbers struct {
	ID     int64           `json:"id"`
	Amount json.Number     `json:"amount"`
	Rest   json.RawMessage `json:"rest"`
}

// Big answers with what it got; no number of it goes through floating point.
func (e *Echo) Big(ctx context.Context, req *Numbers, rsp *Numbers) error {
	*rsp = *req
	return nil
}
