package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Limits of talking to a bucket.
const (
	bucketDial    = 10 * time.Second
	bucketAnswer  = 30 * time.Second // until it begins to answer
	bucketRetries = 3
	bucketPart    = 16 << 20 // bytes of a part of a large file; it is read from the disk, not held
)

// Bucket keeps files in a bucket of an S3-compatible server.
type Bucket struct {
	client *minio.Core
	name   string
	prefix string
	where  string
}

// OpenBucket prepares a bucket, without asking for it yet. Its address is
// https://KEY:SECRET@host/bucket/prefix?region=REGION; prefix and region may be
// left out, and http:// is for servers on this machine.
func OpenBucket(address string) (*Bucket, error) { return openBucket(address, bucketAnswer) }

// openBucket waits so long for each answer of the server to begin.
func openBucket(address string, answer time.Duration) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the bucket can't be read") // err holds the secret
	}
	secret, _ := u.User.Password()
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || name == "" || u.User.Username() == "" || secret == "" {
		return nil, errors.New("the address of a bucket is https://KEY:SECRET@host/bucket, with ?region=REGION where it has one")
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1" // what servers without regions expect
	}
	client, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Scheme == "https", Region: region,
		BucketLookup: minio.BucketLookupAuto, MaxRetries: bucketRetries,
		Transport: &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: bucketDial}).DialContext, TLSHandshakeTimeout: bucketDial, ResponseHeaderTimeout: answer,
			MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute, DisableCompression: true,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("the bucket at %s: %w", u.Host, err)
	}
	return &Bucket{client: client, name: name, prefix: prefix, where: u.Scheme + "://" + u.Host + "/" + path.Join(name, prefix)}, nil
}

func (b *Bucket) String() string { return b.where }

func (b *Bucket) key(h Hash) string { return path.Join(b.prefix, keyOf(h, "/")) }

// wrong puts an error of the client into ours. What minio-go says of a key or a
// signature names no secret.
func (b *Bucket) wrong(err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	if answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket {
		return fmt.Errorf("media: %w", fs.ErrNotExist)
	}
	return &StorageError{Where: b.where, Err: err}
}

func (b *Bucket) keep(ctx context.Context, s *staged) error {
	if size, err := b.Size(ctx, s.hash); err == nil && size == s.size {
		return nil // equal files are stored once
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	_, err := b.client.Client.PutObject(ctx, b.name, b.key(s.hash), s.File, s.size,
		minio.PutObjectOptions{ContentType: s.mediaType, PartSize: bucketPart, NumThreads: 1})
	return b.wrong(err)
}

// Open prepares to read a file: the bucket is asked once the first byte is read.
func (b *Bucket) Open(ctx context.Context, h Hash, size int64) (io.ReadSeekCloser, error) {
	f := &bucketFile{ctx: ctx, bucket: b, key: b.key(h), size: size}
	if err := f.open(); err != nil {
		return nil, err
	}
	return f, nil
}

// Size says how many bytes a file has.
func (b *Bucket) Size(ctx context.Context, h Hash) (int64, error) {
	info, err := b.client.StatObject(ctx, b.name, b.key(h), minio.StatObjectOptions{})
	return info.Size, b.wrong(err)
}

// Remove removes a file.
func (b *Bucket) Remove(ctx context.Context, h Hash) error {
	err := b.wrong(b.client.RemoveObject(ctx, b.name, b.key(h), minio.RemoveObjectOptions{}))
	if isMissing(err) {
		return nil
	}
	return err
}

// Walk lists the files.
func (b *Bucket) Walk(ctx context.Context, each func(Kept) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing where each fails
	prefix := b.prefix
	if prefix != "" {
		prefix += "/"
	}
	for o := range b.client.Client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return b.wrong(o.Err)
		}
		h, ok := ParseHash(path.Base(o.Key))
		if !ok || o.Key != b.key(h) {
			continue
		}
		if err := each(Kept{Hash: h, Size: o.Size, At: o.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// bucketFile reads a file of a bucket. A range of it is one request: to seek
// costs nothing, and the size is known beforehand.
type bucketFile struct {
	ctx    context.Context
	bucket *Bucket
	key    string
	size   int64
	at     int64         // where the next byte is read
	body   io.ReadCloser // from bodyAt on; nil: not asked for
	bodyAt int64
}

// open asks for the file from where the next byte is read.
func (f *bucketFile) open() error {
	var o minio.GetObjectOptions
	if f.at > 0 {
		if err := o.SetRange(f.at, 0); err != nil {
			return fmt.Errorf("media: %w", err)
		}
	}
	body, _, _, err := f.bucket.client.GetObject(f.ctx, f.bucket.name, f.key, o)
	f.body, f.bodyAt = body, f.at
	return f.bucket.wrong(err)
}

func (f *bucketFile) Read(p []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	if f.body != nil && f.bodyAt != f.at {
		f.Close()
	}
	if f.body == nil {
		if err := f.open(); err != nil {
			return 0, err
		}
	}
	n, err := f.body.Read(p)
	f.at, f.bodyAt = f.at+int64(n), f.bodyAt+int64(n)
	if err != nil && err != io.EOF {
		err = f.bucket.wrong(err)
	}
	return n, err
}

func (f *bucketFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errors.New("media: seek before the beginning")
	}
	f.at = offset
	return offset, nil
}

func (f *bucketFile) Close() error {
	if f.body == nil {
		return nil
	}
	err := f.body.Close()
	f.body = nil
	return err
}
