package main

import (
	"github.com/golang/protobuf/ptypes/wrappers"
	"go-micro.dev/v6/server"
	"peer"
)

type Json struct {
	peer.Talk[peer.Plain, server.Stream]
}

type Proto struct {
	peer.Talk[wrappers.StringValue, server.Stream]
}

type Bytes struct {
	peer.Talk[[]byte, server.Stream]
}

func (m micro) Talks(host peer.Host) []interface{} {
	return []interface{}{
		&Json{peer.NewTalk[peer.Plain, server.Stream](m, host, peer.Plains)},
		&Proto{peer.NewTalk[wrappers.StringValue, server.Stream](m, host, peer.Protos)},
		&Bytes{peer.NewTalk[[]byte, server.Stream](m, host, peer.Bytes)},
	}
}

func (m micro) Heard(report peer.Report) map[string]interface{} {
	return map[string]interface{}{
		"json":  peer.Heard(m, report, peer.Plains),
		"proto": peer.Heard(m, report, peer.Protos),
		"bytes": peer.Heard(m, report, peer.Bytes),
	}
}
