// A provider in Go with this provider's schemas that does nothing: what Terraform costs by itself with a state of the
// same size, however fast a provider is. Every write waits FLOOR_DELAY_MS milliseconds, as for the answer of an API.
//
// Its argument is the folder of prepared answers. The standard library alone, so that `go build` needs no network.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"time"
)

var delay = milliseconds(os.Getenv("FLOOR_DELAY_MS"))

func milliseconds(text string) time.Duration {
	number, _ := strconv.Atoi(text)
	return time.Duration(number) * time.Millisecond
}

// field returns a field of a message (all that are read here are length-delimited).
func field(message []byte, number uint64) []byte {
	for len(message) > 0 {
		tag, read := binary.Uvarint(message)
		message = message[read:]
		value, read := binary.Uvarint(message)
		message = message[read:]
		if tag&7 != 2 {
			continue
		}
		if tag>>3 == number {
			return message[:value]
		}
		message = message[value:]
	}
	return nil
}

// with returns a message with one more field.
func with(message []byte, number uint64, value []byte) []byte {
	if value == nil {
		return message
	}
	var buffer [binary.MaxVarintLen64]byte
	message = append(message, buffer[:binary.PutUvarint(buffer[:], number<<3|2)]...)
	message = append(message, buffer[:binary.PutUvarint(buffer[:], uint64(len(value)))]...)
	return append(message, value...)
}

func answer(call string, request []byte) []byte {
	switch call {
	case "GetProviderSchema", "GetResourceIdentitySchemas":
		file, err := os.ReadFile(filepath.Join(os.Args[1], call+".binpb"))
		if err != nil {
			panic(err)
		}
		return file
	case "UpgradeResourceState": // the raw state's JSON, as a value in JSON
		return with(nil, 1, with(nil, 2, field(field(request, 3), 1)))
	case "ReadResource":
		return with(with(nil, 1, field(request, 2)), 3, field(request, 3))
	case "PlanResourceChange":
		return with(with(nil, 1, field(request, 3)), 3, field(request, 5))
	case "ApplyResourceChange":
		time.Sleep(delay)
		return with(with(nil, 1, field(request, 3)), 2, field(request, 5))
	}
	return nil
}

func handle(writer http.ResponseWriter, request *http.Request) {
	call := path.Base(request.URL.Path)
	writer.Header().Set("Content-Type", "application/grpc")
	writer.Header().Set("Trailer", "Grpc-Status")
	if request.URL.Path != "/plugin.GRPCStdio/StreamStdio" && call != "StartStream" {
		body, err := io.ReadAll(request.Body)
		if err != nil || len(body) < 5 {
			return
		}
		message := answer(call, body[5:])
		frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
		writer.Write(append(frame, message...))
	}
	writer.Header().Set("Grpc-Status", "0")
	if call == "Shutdown" {
		time.AfterFunc(time.Millisecond, func() { os.Exit(0) })
	}
}

func main() {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		DNSNames:     []string{"localhost"},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	folder, err := os.MkdirTemp("", "floor")
	if err != nil {
		panic(err)
	}
	address := filepath.Join(folder, "s")
	listener, err := net.Listen("unix", address)
	if err != nil {
		panic(err)
	}
	fmt.Printf("1|6|unix|%s|grpc|%s\n", address, base64.RawStdEncoding.EncodeToString(certificate))
	chain := tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
	server := &http.Server{
		Handler:   http.HandlerFunc(handle),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{chain}, NextProtos: []string{"h2"}},
	}
	server.ServeTLS(listener, "", "")
}
