package peer

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// Micro is one release of go-micro.
type Micro interface {
	// Error makes the release's error record.
	Error(id, detail string, code int32) error
	// Headers is the metadata a handler was called with.
	Headers(ctx context.Context) map[string]string
	// Serve starts a server for handlers and tells the registry.
	Serve(service Service, handlers ...interface{}) (Running, error)
	// Command is a handler with Help and Exec in the release's own message types.
	Command(word string) interface{}
	// Stream is a handler with a method that streams.
	Stream() interface{}
	// Call sends body, or nothing at all when it is empty, as JSON.
	Call(call Call, body json.RawMessage) (json.RawMessage, error)
	// CallStream collects what a streaming endpoint sends for body, as JSON.
	CallStream(call Call, body json.RawMessage) ([]json.RawMessage, error)
	// Health asks every node of the service, in protobuf, with an empty request.
	Health(call Call) (map[string]string, error)
	// Stats asks one node of the service, in protobuf.
	Stats(call Call) (interface{}, error)
	// Exec runs a bot command in protobuf.
	Exec(call Call, args []string) (result, failure string, err error)
	// List and Get ask the registry.
	List() (interface{}, error)
	Get(name string) (interface{}, error)
	// Watch reports changes until it fails.
	Watch(found func(change interface{})) error
}

// Service is what is served.
type Service struct {
	Name, Version, Address string
}

// Running is a served service.
type Running struct {
	Node, Address string
	Stop          func() error
}

// Call is what the flags say about a call.
type Call struct {
	Service, Endpoint string
	Address           string
	Timeout           time.Duration
	Retries           int
	Metadata          map[string]string
}

const usage = "serve greeter|command NAME | call|stream SERVICE ENDPOINT JSON | health|stats SERVICE | exec SERVICE WORDS… | list | get NAME | watch"

// Main runs the command line. What is asked for goes to standard output, one JSON value a line; a call that was answered with an
// error is {"error": text}.
func Main(micro Micro) {
	version := flag.String("version", "1.0.0", "of the served service")
	address := flag.String("address", "", "where to listen, or which node to call")
	timeout := flag.Duration("timeout", 5*time.Second, "of a call")
	retries := flag.Int("retries", 1, "after the first attempt")
	metadata := flag.String("metadata", "", "sent along: name=value, comma separated")
	flag.Parse()
	args := append(flag.Args(), "", "", "", "")
	call := Call{args[1], args[2], *address, *timeout, *retries, pairs(*metadata)}

	switch args[0] {
	case "serve":
		serve(micro, args[1], Service{args[2], *version, *address})
	case "call":
		answer(micro.Call(call, json.RawMessage(args[3])))
	case "stream":
		answer(micro.CallStream(call, json.RawMessage(args[3])))
	case "health":
		answer(micro.Health(call))
	case "stats":
		answer(micro.Stats(call))
	case "exec":
		result, failure, err := micro.Exec(call, flag.Args()[2:])
		answer(map[string]string{"result": result, "error": failure}, err)
	case "list":
		answer(micro.List())
	case "get":
		answer(micro.Get(args[1]))
	case "watch":
		print("watching")
		fail(micro.Watch(func(change interface{}) { print(change) }))
	default:
		fail(fmt.Errorf("usage: %s", usage))
	}
}

func serve(micro Micro, kind string, service Service) {
	if service.Address == "" {
		service.Address = "127.0.0.1:0"
	}
	handlers := []interface{}{newSay(micro, service.Name), &Echo{}, micro.Stream()}
	if kind == "command" {
		handlers = []interface{}{micro.Command(service.Name[strings.LastIndex(service.Name, ".")+1:])}
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	running, err := micro.Serve(service, handlers...)
	if err != nil {
		fail(err)
	}
	print(map[string]string{"node": running.Node, "address": running.Address})
	select {
	case <-signals:
	case <-orphaned():
	}
	if err := running.Stop(); err != nil {
		fail(err)
	}
}

// A test that dies closes our standard input: nothing of it may outlive it.
func orphaned() <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		input := bufio.NewReader(os.Stdin)
		for {
			if _, err := input.ReadByte(); err != nil {
				close(gone)
				return
			}
		}
	}()
	return gone
}

func pairs(text string) map[string]string {
	found := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		if cut := strings.Index(pair, "="); cut > 0 {
			found[pair[:cut]] = pair[cut+1:]
		}
	}
	return found
}

func answer(value interface{}, err error) {
	if err != nil {
		value = map[string]string{"error": err.Error()}
	}
	print(value)
}

func print(value interface{}) {
	line, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
