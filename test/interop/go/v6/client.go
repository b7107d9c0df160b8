package main

import (
	"context"
	"fmt"

	"go-micro.dev/v6/client"
	"go-micro.dev/v6/metadata"
	"peer"
)

// clients by what they speak.
var clients = map[string]func(...client.Option) client.Client{"mucp": client.NewClient}

// asker makes the calls of one command line.
type asker struct {
	client.Client
	ctx     context.Context
	call    peer.Call
	options []client.CallOption
}

func newAsker(call peer.Call) (*asker, error) {
	names, err := names(call.Drivers)
	if err != nil {
		return nil, err
	}
	events, err := events(call.Drivers, names)
	if err != nil {
		return nil, err
	}
	made, has := clients[call.Protocol]
	if !has {
		return nil, fmt.Errorf("this program has no client of %s", call.Protocol)
	}
	options := []client.Option{
		client.Registry(patient{names}),
		client.Broker(events),
		client.Retries(call.Retries),
		client.RequestTimeout(call.Timeout),
	}
	if call.ContentType != "" {
		options = append(options, client.ContentType(call.ContentType))
	}
	ctx := metadata.NewContext(context.Background(), call.Metadata)
	asker := &asker{Client: made(options...), ctx: ctx, call: call}
	if call.Address != "" {
		asker.options = append(asker.options, client.WithAddress(call.Address))
	}
	return asker, nil
}

func (micro) Client(call peer.Call) (peer.Client, error) { return newAsker(call) }

func (a *asker) Call(body, answer interface{}) error {
	req := a.Client.NewRequest(a.call.Service, a.call.Endpoint, body)
	return a.Client.Call(a.ctx, req, answer, a.options...)
}

func (a *asker) Stream(opening interface{}) (peer.Stream, error) {
	req := a.Client.NewRequest(a.call.Service, a.call.Endpoint, opening, client.StreamingRequest())
	return a.Client.Stream(a.ctx, req, a.options...)
}

func (a *asker) Publish(topic string, body interface{}) error {
	return a.Client.Publish(a.ctx, a.Client.NewMessage(topic, body))
}

// HalfClose works over gRPC; over mucp this release answers with an error.
func (a *asker) HalfClose(stream peer.Stream) bool {
	closer, can := stream.(client.Stream)
	return can && closer.CloseSend() == nil
}
