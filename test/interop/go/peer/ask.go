package peer

import (
	"fmt"
	"io"
)

// Answers is what a client got; what it got before an error counts too.
type Answers struct {
	Answers []string `json:"answers"`
	Error   string   `json:"error,omitempty"`
}

// ask makes a call with one word, or a stream with each word a message.
func ask(micro Micro, kind string, call Call, stream bool, words []string) Answers {
	client, err := micro.Client(call)
	if err != nil {
		fail(err)
	}
	messages, err := kindOf(kind)
	if err != nil {
		fail(err)
	}
	texts := []string{}
	if stream {
		texts, err = converse(client, messages, words)
	} else {
		request, answer := messages(), messages()
		request.SetText(words[0])
		if err = client.Call(request.Body(), answer.Body()); err == nil {
			texts = append(texts, answer.Text())
		}
	}
	if err != nil {
		return Answers{texts, err.Error()}
	}
	return Answers{Answers: texts}
}

func kindOf(kind string) (func() Message, error) {
	switch kind {
	case "json":
		return Plains.New, nil
	case "proto":
		return Protos.New, nil
	case "bytes":
		return Bytes.New, nil
	}
	return nil, fmt.Errorf("no kind of message is called %q", kind)
}

// converse sends all words, says that they were all, and listens until the other side has ended.
func converse(client Client, messages func() Message, words []string) ([]string, error) {
	texts := []string{}
	stream, err := client.Stream(messages().Body())
	if err != nil {
		return texts, err
	}
	defer stream.Close()
	for _, word := range words {
		if err := send(stream, messages(), word); err != nil {
			return texts, err
		}
	}
	if !client.HalfClose(stream) {
		if err := send(stream, messages(), "."); err != nil {
			return texts, err
		}
	}
	for {
		answer := messages()
		if err := stream.Recv(answer.Body()); err == io.EOF {
			return texts, nil
		} else if err != nil {
			return texts, err
		}
		texts = append(texts, answer.Text())
	}
}

func send(stream Stream, message Message, text string) error {
	message.SetText(text)
	return stream.Send(message.Body())
}

// publish gives one event to the broker, which may take it to the subscribers later.
func publish(micro Micro, kind string, call Call, topic, text string) error {
	client, err := micro.Client(call)
	if err != nil {
		return err
	}
	messages, err := kindOf(kind)
	if err != nil {
		return err
	}
	message := messages()
	message.SetText(text)
	return client.Publish(topic, message.Body())
}
