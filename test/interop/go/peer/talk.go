package peer

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"
)

// Report writes what happened inside a program that serves.
type Report func(value interface{})

// Host is where a Talk lives.
type Host struct {
	Service string
	// Pause follows each message of a stream: v2 and v6 write the next one, or the end, over one that is still waiting.
	Pause  time.Duration
	Report Report
}

// Talk serves one kind of message over streams of type S. Each release embeds it under the names Json, Proto and Bytes.
type Talk[M any, S Stream] struct {
	micro Micro
	host  Host
	kind  Kind[M]
}

func NewTalk[M any, S Stream](micro Micro, host Host, kind Kind[M]) Talk[M, S] {
	return Talk[M, S]{micro, host, kind}
}

func (t *Talk[M, S]) Hello(ctx context.Context, req *M, rsp *M) error {
	t.kind.Set(rsp, "Hello "+t.kind.Get(req))
	return nil
}

// Fail answers with a 404.
func (t *Talk[M, S]) Fail(ctx context.Context, req *M, rsp *M) error {
	return t.micro.Error(t.host.Service, "no such thing "+t.kind.Get(req), 404)
}

// Meta answers with the value of the header that is asked for, however it is spelled.
func (t *Talk[M, S]) Meta(ctx context.Context, req *M, rsp *M) error {
	for name, value := range t.micro.Headers(ctx) {
		if strings.EqualFold(name, t.kind.Get(req)) {
			t.kind.Set(rsp, value)
		}
	}
	return nil
}

// Hang waits for the caller to give up, and reports how it learned of it. Its answer comes later than the caller's patience ends.
func (t *Talk[M, S]) Hang(ctx context.Context, req *M, rsp *M) error {
	select {
	case <-ctx.Done():
		t.host.Report(map[string]string{"hang": t.kind.Get(req), "ended": ctx.Err().Error()})
		time.Sleep(time.Second)
		return ctx.Err()
	case <-time.After(time.Minute):
		return nil
	}
}

// Count sends the numbers from 1 to the one it is given.
func (t *Talk[M, S]) Count(ctx context.Context, stream S) error {
	limit := new(M)
	if err := stream.Recv(limit); err != nil {
		return err
	}
	to, err := strconv.Atoi(t.kind.Get(limit))
	if err != nil {
		return t.micro.Error(t.host.Service, "that is no number", 400)
	}
	for n := 1; n <= to; n++ {
		if err := t.send(stream, strconv.Itoa(n)); err != nil {
			return err
		}
	}
	return nil
}

// Join sends one message: all that came until the end, or until a full stop from those who cannot say that it is the end.
func (t *Talk[M, S]) Join(ctx context.Context, stream S) error {
	texts := []string{}
	for {
		message := new(M)
		if err := stream.Recv(message); err == io.EOF {
			return t.send(stream, strings.Join(texts, "+"))
		} else if err != nil {
			return err
		}
		if t.kind.Get(message) == "." {
			return t.send(stream, strings.Join(texts, "+"))
		}
		texts = append(texts, t.kind.Get(message))
	}
}

// Echo sends every message back, until the end or a full stop.
func (t *Talk[M, S]) Echo(ctx context.Context, stream S) error {
	for {
		message := new(M)
		if err := stream.Recv(message); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if t.kind.Get(message) == "." {
			return nil
		}
		if err := t.send(stream, "echo "+t.kind.Get(message)); err != nil {
			return err
		}
	}
}

func (t *Talk[M, S]) send(stream S, text string) error {
	message := new(M)
	t.kind.Set(message, text)
	defer time.Sleep(t.host.Pause)
	return stream.Send(message)
}

// Heard is a subscriber that reports what it hears.
func Heard[M any](micro Micro, report Report, kind Kind[M]) func(context.Context, *M) error {
	return func(ctx context.Context, message *M) error {
		report(map[string]interface{}{"heard": kind.Get(message), "headers": micro.Headers(ctx)})
		return nil
	}
}
