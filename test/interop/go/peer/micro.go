package peer

import (
	"context"
	"encoding/json"
	"time"
)

// Micro is one release of go-micro.
type Micro interface {
	// Error makes the release's error record.
	Error(id, detail string, code int32) error
	// Headers is the metadata a handler was called with.
	Headers(ctx context.Context) map[string]string
	// Serve starts a server for handlers and tells the registry.
	Serve(service Service, handlers []interface{}, subscribers map[string]interface{}) (Running, error)
	// Stream is a handler with a method that streams.
	Stream() interface{}
	// Talks are handlers named Json, Proto and Bytes that talk in messages of that kind.
	Talks(host Host) []interface{}
	// Heard are subscribers to messages of those kinds.
	Heard(report Report) map[string]interface{}
	// Client makes calls as the flags say.
	Client(call Call) (Client, error)
	// Call sends body, or nothing at all when it is empty, as JSON.
	Call(call Call, body json.RawMessage) (json.RawMessage, error)
	// CallStream collects what a streaming endpoint sends for body, as JSON.
	CallStream(call Call, body json.RawMessage) ([]json.RawMessage, error)
	// Health asks every node of the service, in protobuf, with an empty request.
	Health(call Call) (map[string]string, error)
	// Stats asks one node of the service, in protobuf.
	Stats(call Call) (interface{}, error)
	// List and Get ask the registry.
	List(drivers Drivers) (interface{}, error)
	Get(drivers Drivers, name string) (interface{}, error)
	// Watch says when it has begun, and reports changes until it fails.
	Watch(drivers Drivers, begun func(), found func(change interface{})) error
}

// Bot is a release that has a bot.
type Bot interface {
	// Command is a handler with Help and Exec in the release's own message types.
	Command(word string) interface{}
	// Exec runs a bot command in protobuf.
	Exec(call Call, args []string) (result, failure string, err error)
}

// Drivers are what a program is built of.
type Drivers struct {
	// Protocol is mucp or grpc.
	Protocol string
	// Registry is mdns or memory, or what else the program was built with, and RegistryAddress its server.
	Registry, RegistryAddress string
	// RegistryDomain is the domain of mdns: the release's own when empty.
	RegistryDomain string
	// Known are the records a memory registry begins with, as a JSON array.
	Known json.RawMessage
	// Broker is http or nats, and BrokerAddress its server.
	Broker, BrokerAddress string
}

// Service is what is served.
type Service struct {
	Drivers
	Name, Version, Address string
	// Metadata is what its endpoints say of themselves, by their names.
	Metadata map[string]map[string]string
	// TTL is how long its registration lives unless it is repeated, and Interval how often it is; the release's own when 0.
	TTL, Interval time.Duration
}

// Running is a served service.
type Running struct {
	Node, Address string
	// Records are all that is in a memory registry.
	Records interface{}
	Stop    func() error
}

// Call is what the flags say about a call.
type Call struct {
	Drivers
	Service, Endpoint string
	// ContentType is the release's own when empty.
	ContentType string
	Address     string
	Timeout     time.Duration
	Retries     int
	Metadata    map[string]string
}

// Client is a client of the release, and the metadata of the call.
type Client interface {
	Call(body, answer interface{}) error
	Stream(opening interface{}) (Stream, error)
	Publish(topic string, body interface{}) error
	// HalfClose says that nothing more is sent; false when the release has no way to say it and go on listening.
	HalfClose(stream Stream) bool
}

// Stream is what client.Stream is in every release.
type Stream interface {
	Send(interface{}) error
	Recv(interface{}) error
	Close() error
}
