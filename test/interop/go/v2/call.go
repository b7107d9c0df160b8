package main

import (
	"context"
	"encoding/json"
	"fmt"

	bot "github.com/micro/go-micro/v2/agent/proto"
	"github.com/micro/go-micro/v2/client"
	"github.com/micro/go-micro/v2/client/mucp"
	"github.com/micro/go-micro/v2/codec/bytes"
	debug "github.com/micro/go-micro/v2/debug/service/proto"
	"github.com/micro/go-micro/v2/metadata"
	"github.com/micro/go-micro/v2/registry"
	"peer"
)

func caller(call peer.Call) (context.Context, client.Client, []client.CallOption) {
	cli := mucp.NewClient(
		client.Registry(patient{registry.NewRegistry()}),
		client.Retries(call.Retries),
		client.RequestTimeout(call.Timeout),
	)
	options := []client.CallOption{}
	if call.Address != "" {
		options = append(options, client.WithAddress(call.Address))
	}
	return metadata.NewContext(context.Background(), call.Metadata), cli, options
}

func (micro) Call(call peer.Call, body json.RawMessage) (json.RawMessage, error) {
	ctx, cli, options := caller(call)
	// A frame is sent as it is: an empty one is a request without any body.
	req := cli.NewRequest(call.Service, call.Endpoint, &bytes.Frame{Data: body}, client.WithContentType("application/json"))
	rsp := json.RawMessage{}
	err := cli.Call(ctx, req, &rsp, options...)
	return rsp, err
}

func (micro) CallStream(call peer.Call, body json.RawMessage) ([]json.RawMessage, error) {
	ctx, cli, options := caller(call)
	req := cli.NewRequest(call.Service, call.Endpoint, &body, client.WithContentType("application/json"), client.StreamingRequest())
	stream, err := cli.Stream(ctx, req, options...)
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
		if err := stream.Recv(&one); err != nil {
			if err.Error() == "EOF" || err.Error() == "EOS" {
				return all, nil
			}
			return all, err
		}
		all = append(all, one)
	}
}

func (micro) Health(call peer.Call) (map[string]string, error) {
	ctx, cli, options := caller(call)
	services, err := cli.Options().Registry.GetService(call.Service)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, service := range services {
		for _, node := range service.Nodes {
			req := cli.NewRequest(call.Service, "Debug.Health", &debug.HealthRequest{}, client.WithContentType("application/protobuf"))
			rsp := debug.HealthResponse{}
			if err := cli.Call(ctx, req, &rsp, append(options, client.WithAddress(node.Address))...); err != nil {
				rsp.Status = err.Error()
			}
			found[node.Id] = rsp.Status
		}
	}
	return found, nil
}

func (micro) Stats(call peer.Call) (interface{}, error) {
	ctx, cli, options := caller(call)
	req := cli.NewRequest(call.Service, "Debug.Stats", &debug.StatsRequest{}, client.WithContentType("application/protobuf"))
	rsp := debug.StatsResponse{}
	err := cli.Call(ctx, req, &rsp, options...)
	return &rsp, err
}

func (micro) Exec(call peer.Call, args []string) (string, string, error) {
	ctx, cli, options := caller(call)
	req := cli.NewRequest(call.Service, "Command.Exec", &bot.ExecRequest{Args: args}, client.WithContentType("application/protobuf"))
	rsp := bot.ExecResponse{}
	err := cli.Call(ctx, req, &rsp, options...)
	return string(rsp.Result), rsp.Error, err
}

func (micro) List() (interface{}, error) {
	services, err := registry.NewRegistry().ListServices()
	names := []string{}
	for _, service := range services {
		names = append(names, service.Name)
	}
	return names, err
}

func (micro) Get(name string) (interface{}, error) {
	return registry.NewRegistry().GetService(name)
}

func (micro) Watch(found func(change interface{})) error {
	watcher, err := registry.NewRegistry().Watch()
	if err != nil {
		return err
	}
	for {
		result, err := watcher.Next()
		if err != nil {
			return fmt.Errorf("the watch ended: %w", err)
		}
		found(result)
	}
}
