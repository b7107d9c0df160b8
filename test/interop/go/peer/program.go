package peer

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

const usage = "serve greeter|command|operations|talk NAME | call|stream SERVICE ENDPOINT JSON | ask|converse KIND SERVICE ENDPOINT WORD… | " +
	"publish KIND TOPIC WORD | health|stats SERVICE | exec SERVICE WORDS… | list | get NAME | watch"

// Main runs the command line. What is asked for goes to standard output, one JSON value a line; a call that was answered with an
// error is {"error": text}.
func Main(micro Micro) {
	version := flag.String("version", "1.0.0", "of the served service")
	address := flag.String("address", "", "where to listen, or which node to call")
	timeout := flag.Duration("timeout", 5*time.Second, "of a call")
	retries := flag.Int("retries", 1, "after the first attempt")
	metadata := flag.String("metadata", "", "sent along: name=value, comma separated")
	contentType := flag.String("content_type", "", "of requests and events")
	protocol := flag.String("protocol", "mucp", "mucp or grpc")
	registry := flag.String("registry", "mdns", "mdns or memory; etcd or nats in a program that is built with the tag registries")
	registryAddress := flag.String("registry_address", "", "the server of the registry")
	registryDomain := flag.String("registry_domain", "", "where mdns looks and registers: the release's own when empty")
	ttl := flag.Duration("register_ttl", 0, "how long a registration lives: the release's own when 0")
	interval := flag.Duration("register_interval", 0, "how often it is repeated, likewise")
	known := flag.String("known", "[]", "what a memory registry begins with: a JSON array of records")
	broker := flag.String("broker", "http", "http or nats")
	brokerAddress := flag.String("broker_address", "127.0.0.1:0", "where an http broker listens, or the server of another one")
	pause := flag.Duration("pause", 0, "before each message of a stream that is served")
	topic := flag.String("topic", "", "subscribe to it: the kinds are behind a dash")
	flag.Parse()
	args := append(flag.Args(), "", "", "", "")
	drivers := Drivers{*protocol, *registry, *registryAddress, *registryDomain, json.RawMessage(*known), *broker, *brokerAddress}
	call := Call{drivers, args[1], args[2], *contentType, *address, *timeout, *retries, pairs(*metadata)}

	switch args[0] {
	case "serve":
		serve(micro, args[1], Service{drivers, args[2], *version, *address, nil, *ttl, *interval}, *pause, *topic)
	case "call":
		answer(micro.Call(call, json.RawMessage(args[3])))
	case "stream":
		answer(micro.CallStream(call, json.RawMessage(args[3])))
	case "ask", "converse":
		call.Service, call.Endpoint = args[2], args[3]
		print(ask(micro, args[1], call, args[0] == "converse", flag.Args()[4:]))
	case "publish":
		if err := publish(micro, args[1], call, args[2], args[3]); err != nil {
			fail(err)
		}
		print("published")
		// Go's http broker takes events to their subscribers in the background.
		<-orphaned()
	case "health":
		answer(micro.Health(call))
	case "stats":
		answer(micro.Stats(call))
	case "exec":
		result, failure, err := bot(micro).Exec(call, flag.Args()[2:])
		answer(map[string]string{"result": result, "error": failure}, err)
	case "list":
		answer(micro.List(drivers))
	case "get":
		answer(micro.Get(drivers, args[1]))
	case "watch":
		fail(micro.Watch(drivers, func() { print("watching") }, func(change interface{}) { print(change) }))
	default:
		fail(fmt.Errorf("usage: %s", usage))
	}
}

func serve(micro Micro, kind string, service Service, pause time.Duration, topic string) {
	if service.Address == "" {
		service.Address = "127.0.0.1:0"
	}
	handlers := []interface{}{newSay(micro, service.Name), &Echo{}, micro.Stream()}
	subscribers := map[string]interface{}{}
	switch kind {
	case "command":
		handlers = []interface{}{bot(micro).Command(service.Name[strings.LastIndex(service.Name, ".")+1:])}
	case "operations":
		// What is a chat command by what its endpoints say, and nothing else.
		service.Metadata = map[string]map[string]string{
			"Say.Hello": {"command": "greet", "description": "Greets from Go", "slash": "greet"},
			"Count.Up":  {"command": "count", "description": "Counts in Go"},
		}
	case "talk":
		handlers = micro.Talks(Host{service.Name, pause, print})
	}
	if topic != "" {
		for kind, subscriber := range micro.Heard(print) {
			subscribers[topic+"-"+kind] = subscriber
		}
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	running, err := micro.Serve(service, handlers, subscribers)
	if err != nil {
		fail(err)
	}
	print(map[string]interface{}{"node": running.Node, "address": running.Address, "records": running.Records})
	select {
	case <-signals:
	case <-orphaned():
	}
	if err := running.Stop(); err != nil {
		fail(err)
	}
}

func bot(micro Micro) Bot {
	bot, has := micro.(Bot)
	if !has {
		fail(errors.New("this release has no bot"))
	}
	return bot
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

// Handlers report from where they run.
var output sync.Mutex

func print(value interface{}) {
	line, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	output.Lock()
	defer output.Unlock()
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
