package peer

import "github.com/golang/protobuf/ptypes/wrappers"

// Message is a message of one kind, all of which carry a text.
type Message interface {
	// Body is what codecs write and read.
	Body() interface{}
	Text() string
	SetText(text string)
}

// Kind makes and opens messages that a Go type M stands for.
type Kind[M any] struct {
	Get func(message *M) string
	Set func(message *M, text string)
}

// New is an empty message.
func (k Kind[M]) New() Message { return &message[M]{new(M), k} }

type message[M any] struct {
	body *M
	kind Kind[M]
}

func (m *message[M]) Body() interface{}   { return m.body }
func (m *message[M]) Text() string        { return m.kind.Get(m.body) }
func (m *message[M]) SetText(text string) { m.kind.Set(m.body, text) }

// Plain is a message without a protobuf type, for the JSON codecs.
type Plain struct {
	Text string `json:"text"`
}

// Plains are messages for the JSON codecs.
var Plains = Kind[Plain]{
	Get: func(m *Plain) string { return m.Text },
	Set: func(m *Plain, text string) { m.Text = text },
}

// Protos are messages with a generated type.
var Protos = Kind[wrappers.StringValue]{
	Get: func(m *wrappers.StringValue) string { return m.Value },
	Set: func(m *wrappers.StringValue, text string) { m.Value = text },
}

// Bytes are messages that no codec touches.
var Bytes = Kind[[]byte]{
	Get: func(m *[]byte) string { return string(*m) },
	Set: func(m *[]byte, text string) { *m = []byte(text) },
}
