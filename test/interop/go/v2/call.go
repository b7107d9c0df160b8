package main

import (
	"encoding/json"
	"io"

	bot "github.com/micro/go-micro/v2/agent/proto"
	"github.com/micro/go-micro/v2/client"
	"github.com/micro/go-micro/v2/codec/bytes"
	debug "github.com/micro/go-micro/v2/debug/service/proto"
	"peer"
)

func (micro) Call(call peer.Call, body json.RawMessage) (json.RawMessage, error) {
	asker, err := newAsker(call)
	if err != nil {
		return nil, err
	}
	// A frame is sent as it is: an empty one is a request without any body.
	req := asker.NewRequest(call.Service, call.Endpoint, &bytes.Frame{Data: body}, client.WithContentType("application/json"))
	rsp := json.RawMessage{}
	err = asker.Client.Call(asker.ctx, req, &rsp, asker.options...)
	return rsp, err
}

func (micro) CallStream(call peer.Call, body json.RawMessage) ([]json.RawMessage, error) {
	asker, err := newAsker(call)
	if err != nil {
		return nil, err
	}
	req := asker.NewRequest(call.Service, call.Endpoint, &body, client.WithContentType("application/json"), client.StreamingRequest())
	stream, err := asker.Client.Stream(asker.ctx, req, asker.options...)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if err := stream.Send(&body); err != nil {
		return nil, err
	}
	all := []json.RawMessage{}
	for {
		one := json.RawMessage{}
		if err := stream.Recv(&one); err == io.EOF {
			return all, nil
		} else if err != nil {
			return all, err
		}
		all = append(all, one)
	}
}

// protobuf calls an endpoint of which the release has the messages.
func (a *asker) protobuf(endpoint string, body, answer interface{}, options ...client.CallOption) error {
	req := a.NewRequest(a.call.Service, endpoint, body, client.WithContentType("application/protobuf"))
	return a.Client.Call(a.ctx, req, answer, append(a.options, options...)...)
}

func (micro) Health(call peer.Call) (map[string]string, error) {
	asker, err := newAsker(call)
	if err != nil {
		return nil, err
	}
	services, err := asker.Options().Registry.GetService(call.Service)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, service := range services {
		for _, node := range service.Nodes {
			rsp := debug.HealthResponse{}
			if err := asker.protobuf("Debug.Health", &debug.HealthRequest{}, &rsp, client.WithAddress(node.Address)); err != nil {
				rsp.Status = err.Error()
			}
			found[node.Id] = rsp.Status
		}
	}
	return found, nil
}

func (micro) Stats(call peer.Call) (interface{}, error) {
	asker, err := newAsker(call)
	if err != nil {
		return nil, err
	}
	rsp := debug.StatsResponse{}
	err = asker.protobuf("Debug.Stats", &debug.StatsRequest{}, &rsp)
	return &rsp, err
}

func (micro) Exec(call peer.Call, args []string) (string, string, error) {
	asker, err := newAsker(call)
	if err != nil {
		return "", "", err
	}
	rsp := bot.ExecResponse{}
	err = asker.protobuf("Command.Exec", &bot.ExecRequest{Args: args}, &rsp)
	return string(rsp.Result), rsp.Error, err
}
