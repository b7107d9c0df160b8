package main

import (
	"context"
	"fmt"

	"github.com/golang/protobuf/proto"
	"github.com/micro/go-micro/broker"
	"github.com/micro/go-micro/broker/memory"
	"github.com/micro/go-micro/client"
	grpcclient "github.com/micro/go-micro/client/grpc"
	"github.com/micro/go-micro/registry"
	names "github.com/micro/go-micro/registry/memory"
	"github.com/micro/go-micro/server"
	grpcserver "github.com/micro/go-micro/server/grpc"
)

// Plain messages for JSON, as people write them.
type PlainRequest struct {
	Name string `json:"name"`
}

type PlainResponse struct {
	Msg string `json:"msg"`
}

// The same as generated code has them.
type Request struct {
	Name string `protobuf:"bytes,1,opt,name=name,proto3" json:"name,omitempty"`
}

func (m *Request) Reset()         { *m = Request{} }
func (m *Request) String() string { return proto.CompactTextString(m) }
func (*Request) ProtoMessage()    {}

type Response struct {
	Msg string `protobuf:"bytes,1,opt,name=msg,proto3" json:"msg,omitempty"`
}

func (m *Response) Reset()         { *m = Response{} }
func (m *Response) String() string { return proto.CompactTextString(m) }
func (*Response) ProtoMessage()    {}

type Greeter struct{}

func (Greeter) Hello(ctx context.Context, req *PlainRequest, rsp *PlainResponse) error {
	rsp.Msg = "Hello " + req.Name
	return nil
}

func (Greeter) HelloProto(ctx context.Context, req *Request, rsp *Response) error {
	rsp.Msg = "Hello " + req.Name
	return nil
}

// Nothing is looked for on a network.
func alone() (registry.Registry, broker.Broker) { return names.NewRegistry(), memory.NewBroker() }

func serve(protocol string) (string, error) {
	directory, events := alone()
	made := server.NewServer
	if protocol == "grpc" {
		made = grpcserver.NewServer
	}
	srv := made(server.Name("greeter"), server.Address("127.0.0.1:0"), server.Registry(directory), server.Broker(events))
	if err := srv.Handle(srv.NewHandler(new(Greeter))); err != nil {
		return "", err
	}
	if err := srv.Start(); err != nil {
		return "", err
	}
	return srv.Options().Address, nil
}

// caller returns what makes one call and checks its answer.
func caller(protocol, codec, address string) (func() error, error) {
	directory, events := alone()
	made := client.NewClient
	if protocol == "grpc" {
		made = grpcclient.NewClient
	}
	cli := made(client.Registry(directory), client.Broker(events), client.Retries(0))
	ctx := context.Background()
	at := client.WithAddress(address)
	ask := func(request client.Request, answer interface{}, msg *string) error {
		err := cli.Call(ctx, request, answer, at)
		if err == nil && *msg != "Hello John" {
			err = fmt.Errorf("wrong answer %q", *msg)
		}
		return err
	}
	switch codec {
	case "json":
		return func() error {
			req := cli.NewRequest("greeter", "Greeter.Hello", &PlainRequest{"John"}, client.WithContentType("application/json"))
			rsp := PlainResponse{}
			return ask(req, &rsp, &rsp.Msg)
		}, nil
	case "protobuf":
		return func() error {
			req := cli.NewRequest("greeter", "Greeter.HelloProto", &Request{"John"}, client.WithContentType("application/protobuf"))
			rsp := Response{}
			return ask(req, &rsp, &rsp.Msg)
		}, nil
	default:
		return nil, fmt.Errorf("no codec %q", codec)
	}
}
