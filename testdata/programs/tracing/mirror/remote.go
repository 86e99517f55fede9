package mirror

import (
	"encoding/binary"
	"io"
	"net"
)

// connect starts the other side.
func (m *mirror) connect() net.Conn {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go accept(listener)
	conn, err := net.Dial("tcp", listener.Addr().String())
	check(err)
	return conn
}

// send has the other side confirm a sum.
func (m *mirror) send(sum uint32) {
	var buf [4]byte
	binary.BigEndian.PutUint32(buf[:], sum)
	_, err := m.conn.Write(buf[:])
	check(err)
	_, err = io.ReadFull(m.conn, buf[:])
	check(err)
}

func accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		check(err)
		go confirm(conn)
	}
}

func confirm(conn net.Conn) {
	var buf [4]byte
	for {
		if _, err := io.ReadFull(conn, buf[:]); err != nil {
			return
		}
		if _, err := conn.Write(buf[:]); err != nil {
			return
		}
	}
}
