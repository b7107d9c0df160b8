// Command bench is go-micro v1.18.0 serving and calling the echo that the benchmarks measure.
//
//	bench server PROTOCOL
//	bench client PROTOCOL CODEC ADDRESS
//	bench look SERVICE
//
// PROTOCOL is http (mucp over the http transport) or grpc, CODEC json or protobuf. Both say what they have to say as one line of JSON
// on standard output, and end with their standard input. The client answers each line {"concurrency":16,"durationMs":600} on it, look each line with one lookup over mDNS.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/micro/go-micro/util/log"
)

func main() {
	// What the release logs goes to standard output, which is ours.
	log.SetLevel(log.LevelFatal)
	if len(os.Args) < 3 {
		fail(fmt.Errorf("takes server PROTOCOL, or client PROTOCOL CODEC ADDRESS"))
	}
	questions := json.NewDecoder(os.Stdin)
	switch {
	case os.Args[1] == "look":
		say(map[string]bool{"ready": true})
		for {
			var asked interface{}
			if questions.Decode(&asked) != nil {
				return
			}
			say(look(os.Args[2]))
		}
	case os.Args[1] == "server":
		address, err := serve(os.Args[2])
		if err != nil {
			fail(err)
		}
		say(map[string]string{"ready": address})
		io.Copy(io.Discard, os.Stdin)
	case os.Args[1] == "client" && len(os.Args) == 5:
		call, err := caller(os.Args[2], os.Args[3], os.Args[4])
		if err == nil {
			err = call()
		}
		if err != nil {
			fail(err)
		}
		say(map[string]bool{"ready": true})
		for {
			var asked slice
			if questions.Decode(&asked) != nil {
				return
			}
			say(asked.run(call))
		}
	}
}

func say(value interface{}) { json.NewEncoder(os.Stdout).Encode(value) }

func fail(err error) {
	say(map[string]string{"failed": err.Error()})
	os.Exit(1)
}
