module peer

go 1.18

require github.com/golang/protobuf v1.3.2
