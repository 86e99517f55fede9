package jobs

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// OpenArchive opens a database of two connections.
func OpenArchive() *sql.DB {
	db := sql.OpenDB(archive{})
	db.SetMaxOpenConns(2)
	return db
}

// Look looks something up.
//
// Planted, I16: the connection is never given back, so that the third waits.
func Look(ctx context.Context, db *sql.DB) error {
	_, err := db.Conn(ctx)
	return err
}

// archive is a driver whose connections can do nothing.
type archive struct{}

func (archive) Connect(context.Context) (driver.Conn, error) { return connection{}, nil }
func (archive) Driver() driver.Driver                        { return nil }

type connection struct{}

var errNothing = errors.New("the archive holds nothing")

func (connection) Prepare(string) (driver.Stmt, error) { return nil, errNothing }
func (connection) Close() error                        { return nil }
func (connection) Begin() (driver.Tx, error)           { return nil, errNothing }
