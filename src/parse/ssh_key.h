// SSH keys: the wire form of RFC 4253 section 6.6, what dropbear stores (the same, with the private numbers behind),
// and OpenSSH's own private key format (PROTOCOL.key, "openssh-key-v1").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::parse {

struct SshKey {
  std::string algorithm;                  // "rsa-2048", "ed25519", "p-256", "dsa-1024"
  std::vector<std::uint8_t> public_blob;  // wire form of the public key
  bool encrypted = false;                 // OpenSSH: a cipher protects it
};

Result<SshKey> read_ssh_public(Bytes blob);      // the decoded middle word of a line "ssh-rsa AAAA… comment"
Result<SshKey> read_dropbear_key(Bytes file);    // private
Result<SshKey> read_openssh_key(Bytes decoded);  // private; `decoded`: the bytes of its PEM block

}  // namespace assay::parse
