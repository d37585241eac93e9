// The bodies of lanes.cc, included once for each instruction set: ASSAY_LANES_NAME(x) names a function,
// ASSAY_LANES_TARGET is its attribute. Vectors never cross a function's border, so their calling convention plays no
// part.

#define ROL(x, n) (((x) << (n)) | ((x) >> (32 - (n))))
#define ROR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

ASSAY_LANES_TARGET void ASSAY_LANES_NAME(md5)(const LaneBlock& in, LaneState& out) {
  V m[16];
  std::memcpy(m, in.little.data(), sizeof m);
  V a = V{} + 0x67452301u, b = V{} + 0xefcdab89u, c = V{} + 0x98badcfeu, d = V{} + 0x10325476u;
#define STEP(f, a, b, c, d, k, t, s) \
  a += (f) + m[k] + (t);             \
  a = ROL(a, s) + b;
#define F(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define G(b, c, d) ((c) ^ ((d) & ((b) ^ (c))))
#define H(b, c, d) ((b) ^ (c) ^ (d))
#define I(b, c, d) ((c) ^ ((b) | ~(d)))
#define FOUR(f, k0, k1, k2, k3, t0, t1, t2, t3, s0, s1, s2, s3) \
  STEP(f(b, c, d), a, b, c, d, k0, t0, s0)                      \
  STEP(f(a, b, c), d, a, b, c, k1, t1, s1)                      \
  STEP(f(d, a, b), c, d, a, b, k2, t2, s2)                      \
  STEP(f(c, d, a), b, c, d, a, k3, t3, s3)
  FOUR(F, 0, 1, 2, 3, 0xd76aa478u, 0xe8c7b756u, 0x242070dbu, 0xc1bdceeeu, 7, 12, 17, 22)
  FOUR(F, 4, 5, 6, 7, 0xf57c0fafu, 0x4787c62au, 0xa8304613u, 0xfd469501u, 7, 12, 17, 22)
  FOUR(F, 8, 9, 10, 11, 0x698098d8u, 0x8b44f7afu, 0xffff5bb1u, 0x895cd7beu, 7, 12, 17, 22)
  FOUR(F, 12, 13, 14, 15, 0x6b901122u, 0xfd987193u, 0xa679438eu, 0x49b40821u, 7, 12, 17, 22)
  FOUR(G, 1, 6, 11, 0, 0xf61e2562u, 0xc040b340u, 0x265e5a51u, 0xe9b6c7aau, 5, 9, 14, 20)
  FOUR(G, 5, 10, 15, 4, 0xd62f105du, 0x02441453u, 0xd8a1e681u, 0xe7d3fbc8u, 5, 9, 14, 20)
  FOUR(G, 9, 14, 3, 8, 0x21e1cde6u, 0xc33707d6u, 0xf4d50d87u, 0x455a14edu, 5, 9, 14, 20)
  FOUR(G, 13, 2, 7, 12, 0xa9e3e905u, 0xfcefa3f8u, 0x676f02d9u, 0x8d2a4c8au, 5, 9, 14, 20)
  FOUR(H, 5, 8, 11, 14, 0xfffa3942u, 0x8771f681u, 0x6d9d6122u, 0xfde5380cu, 4, 11, 16, 23)
  FOUR(H, 1, 4, 7, 10, 0xa4beea44u, 0x4bdecfa9u, 0xf6bb4b60u, 0xbebfbc70u, 4, 11, 16, 23)
  FOUR(H, 13, 0, 3, 6, 0x289b7ec6u, 0xeaa127fau, 0xd4ef3085u, 0x04881d05u, 4, 11, 16, 23)
  FOUR(H, 9, 12, 15, 2, 0xd9d4d039u, 0xe6db99e5u, 0x1fa27cf8u, 0xc4ac5665u, 4, 11, 16, 23)
  FOUR(I, 0, 7, 14, 5, 0xf4292244u, 0x432aff97u, 0xab9423a7u, 0xfc93a039u, 6, 10, 15, 21)
  FOUR(I, 12, 3, 10, 1, 0x655b59c3u, 0x8f0ccc92u, 0xffeff47du, 0x85845dd1u, 6, 10, 15, 21)
  FOUR(I, 8, 15, 6, 13, 0x6fa87e4fu, 0xfe2ce6e0u, 0xa3014314u, 0x4e0811a1u, 6, 10, 15, 21)
  FOUR(I, 4, 11, 2, 9, 0xf7537e82u, 0xbd3af235u, 0x2ad7d2bbu, 0xeb86d391u, 6, 10, 15, 21)
#undef STEP
#undef FOUR
#undef F
#undef G
#undef H
#undef I
  a += 0x67452301u, b += 0xefcdab89u, c += 0x98badcfeu, d += 0x10325476u;
  const V result[4] = {a, b, c, d};
  std::memcpy(out.word.data(), result, sizeof result);
}

ASSAY_LANES_TARGET void ASSAY_LANES_NAME(sha1)(const LaneBlock& in, LaneState& out) {
  V w[16];
  std::memcpy(w, in.big.data(), sizeof w);
  V a = V{} + 0x67452301u, b = V{} + 0xefcdab89u, c = V{} + 0x98badcfeu, d = V{} + 0x10325476u, e = V{} + 0xc3d2e1f0u;
  for (unsigned t = 0; t < 80; ++t) {
    if (t >= 16) {
      const V x = w[(t + 13) & 15] ^ w[(t + 8) & 15] ^ w[(t + 2) & 15] ^ w[t & 15];
      w[t & 15] = ROL(x, 1);
    }
    V f;
    std::uint32_t k;
    if (t < 20)
      f = d ^ (b & (c ^ d)), k = 0x5a827999u;
    else if (t < 40)
      f = b ^ c ^ d, k = 0x6ed9eba1u;
    else if (t < 60)
      f = (b & c) | (d & (b | c)), k = 0x8f1bbcdcu;
    else
      f = b ^ c ^ d, k = 0xca62c1d6u;
    const V n = ROL(a, 5) + f + e + w[t & 15] + k;
    e = d, d = c, c = ROL(b, 30), b = a, a = n;
  }
  a += 0x67452301u, b += 0xefcdab89u, c += 0x98badcfeu, d += 0x10325476u, e += 0xc3d2e1f0u;
  const V result[5] = {a, b, c, d, e};
  std::memcpy(out.word.data(), result, sizeof result);
}

ASSAY_LANES_TARGET void ASSAY_LANES_NAME(sha256)(const LaneBlock& in, LaneState& out) {
  V w[16];
  std::memcpy(w, in.big.data(), sizeof w);
  V s[8];
  for (unsigned i = 0; i < 8; ++i) s[i] = V{} + kSha256Start[i];
  for (unsigned t = 0; t < 64; ++t) {
    if (t >= 16) {
      const V x = w[(t + 1) & 15], y = w[(t + 14) & 15];
      w[t & 15] += (ROR(x, 7) ^ ROR(x, 18) ^ (x >> 3)) + w[(t + 9) & 15] + (ROR(y, 17) ^ ROR(y, 19) ^ (y >> 10));
    }
    const V t1 = s[7] + (ROR(s[4], 6) ^ ROR(s[4], 11) ^ ROR(s[4], 25)) + (s[6] ^ (s[4] & (s[5] ^ s[6]))) +
                 kSha256Step[t] + w[t & 15];
    const V t2 = (ROR(s[0], 2) ^ ROR(s[0], 13) ^ ROR(s[0], 22)) + ((s[0] & s[1]) | (s[2] & (s[0] | s[1])));
    s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + t1;
    s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = t1 + t2;
  }
  for (unsigned i = 0; i < 8; ++i) s[i] += kSha256Start[i];
  std::memcpy(out.word.data(), s, sizeof s);
}

#undef ROL
#undef ROR
#undef ASSAY_LANES_NAME
#undef ASSAY_LANES_TARGET
