package httpsig

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"testing"
	"time"
)

// perOp is how long f takes, measured apart from the benchmark's own loop.
func perOp(n int, f func()) float64 {
	start := time.Now()
	for range n {
		f()
	}
	return float64(time.Since(start).Nanoseconds()) / float64(n)
}

// report states the benchmark as a multiple of the raw RSA operation.
func report(b *testing.B, raw func()) {
	b.StopTimer()
	own := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(own/perOp(200, raw), "x_raw")
}

func rawSign() { _, _ = rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sha256Of(body)) }

func BenchmarkSign(b *testing.B) {
	k := Key{ID: keyID, Private: testKey()}
	for name, sign := range signers {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, _ := http.NewRequest("POST", inbox, nil)
				if err := sign(r, body, k, now); err != nil {
					b.Fatal(err)
				}
			}
			report(b, rawSign)
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	pub := &testKey().PublicKey
	value, _ := rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sha256Of(body))
	raw := func() { _ = rsa.VerifyPKCS1v15(pub, crypto.SHA256, sha256Of(body), value) }
	for name, sign := range signers {
		r := sent(b, sign, "POST", inbox, body, testKey())
		b.Run(name+"/verify", func(b *testing.B) {
			s, err := Parse(r, now)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Verify(body, pub); err != nil {
					b.Fatal(err)
				}
			}
			report(b, raw)
		})
		b.Run(name+"/parse+verify", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := verify(r, body, pub); err != nil {
					b.Fatal(err)
				}
			}
			report(b, raw)
		})
	}
}
