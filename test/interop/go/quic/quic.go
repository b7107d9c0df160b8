// Package quic stands where go-micro v1 has its QUIC library, of which the release that it names ends every program of today's Go with a
// panic before main begins. The NATS plugin brings in all transports of the release; none of our programs uses that one, and this
// package can't.
package quic

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"
)

var errAbsent = errors.New("this program has no QUIC")

type Config struct {
	IdleTimeout time.Duration
	KeepAlive   bool
}

type Stream interface {
	io.ReadWriteCloser
	SetDeadline(time.Time) error
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

type Session interface {
	AcceptStream(context.Context) (Stream, error)
	OpenStreamSync(context.Context) (Stream, error)
	LocalAddr() net.Addr
	RemoteAddr() net.Addr
	Close() error
}

type Listener interface {
	Accept(context.Context) (Session, error)
	Addr() net.Addr
	Close() error
}

func DialAddr(string, *tls.Config, *Config) (Session, error) { return nil, errAbsent }

func ListenAddr(string, *tls.Config, *Config) (Listener, error) { return nil, errAbsent }
