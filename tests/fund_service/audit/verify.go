// Verifies a bundle of the fund with the packages of Go's checksum database: nothing here is the fund's own code but
// the names of the files. Usage: verify BUNDLE.zip VERIFIER-KEY. Ends with 0 only if all holds.
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tiles map[string][]byte

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(asked []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range asked {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, there := t[name]
		if !there {
			return nil, fmt.Errorf("the bundle has no %s", name)
		}
		found = append(found, content)
	}
	return found, nil
}

func main() {
	log.SetFlags(0)
	files := read(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	known := note.VerifierList(verifier)

	tree := signed(files["checkpoint"], known)
	reader := tlog.TileHashReader(tree, tiles(files))

	places := bufio.NewScanner(bytes.NewReader(files["events.places"]))
	records := bufio.NewReader(bytes.NewReader(files["events.jsonl"]))
	var own []tlog.Hash
	for {
		line, err := records.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		must(err)
		if !places.Scan() {
			log.Fatal("a record has no place")
		}
		place, err := strconv.ParseInt(places.Text(), 10, 64)
		must(err)
		hash := tlog.RecordHash(bytes.TrimSuffix(line, []byte("\n")))
		proof, err := tlog.ProveRecord(tree.N, place, reader)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, place, hash))
		own = append(own, hash)
	}
	if places.Scan() {
		log.Fatal("a place has no record")
	}

	ofCall := signed(files["call.checkpoint"], known)
	if ofCall.N != int64(len(own)) || treeOf(own) != ofCall.Hash {
		log.Fatal("the records are not all that were signed as the call's")
	}
	for name, content := range files {
		if strings.HasPrefix(name, "checkpoints/") {
			older := signed(content, known)
			proof, err := tlog.ProveTree(tree.N, older.N, reader)
			must(err)
			must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
		}
	}
	fmt.Printf("%d of %d records stand in the log\n", len(own), tree.N)
}

// signed returns the tree that a checkpoint is of, once its signature holds.
func signed(content []byte, known note.Verifiers) tlog.Tree {
	opened, err := note.Open(content, known)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	hash, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: hash}
}

// treeOf returns the root over leaves, stored hash by stored hash as Go does it.
func treeOf(leaves []tlog.Hash) tlog.Hash {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(asked []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range asked {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for place, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(place), leaf, read)
		must(err)
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), read)
	must(err)
	return root
}

func read(path string) map[string][]byte {
	archive, err := zip.OpenReader(path)
	must(err)
	defer archive.Close()
	files := map[string][]byte{}
	for _, file := range archive.File {
		opened, err := file.Open()
		must(err)
		files[file.Name], err = io.ReadAll(opened)
		must(err)
	}
	return files
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
